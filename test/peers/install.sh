#!/bin/sh
# Installs the other programs for the same task that the tests run beside ours, all within this directory. Whichever
# cannot be had, its own tests say so.
cd "$(dirname "$0")" || exit 1

npm ci --ignore-scripts --no-audit --no-fund || echo 'the libraries for Node.js cannot be installed'
{ [ -d venv ] || python3 -m venv venv; } &&
  venv/bin/pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements.txt ||
  echo 'python-zeroconf cannot be installed; does python3-venv exist?'

# Not installed, but unpacked: the package would make itself the resolver of this machine.
unpack_resolved() {
  get='apt-get download -qq -o APT::Sandbox::User=root systemd-resolved libsystemd-shared'
  rm -rf systemd && mkdir systemd && cd systemd || return
  $get || { apt-get update -qq && $get; } || return
  for package in *.deb; do dpkg-deb --extract "$package" . || return; done
  rm -r ./*.deb etc sbin usr/share
}
(unpack_resolved) || echo 'systemd-resolved cannot be unpacked'
