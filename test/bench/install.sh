#!/bin/sh
# Installs and builds what the bench measures beside this project, all within this directory. Whatever cannot be had is
# named in the tables, and nothing fails.
cd "$(dirname "$0")" || exit 1

npm ci --ignore-scripts --no-audit --no-fund || echo 'the libraries for Node.js cannot be installed'

if command -v python3 >/dev/null; then
  { [ -d .venv ] || python3 -m venv .venv; } &&
    .venv/bin/pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements.txt ||
    echo 'python-zeroconf cannot be installed; does python3-venv exist?'
fi

PATH=$PATH:/usr/local/go/bin
if command -v go >/dev/null; then
  for program in go/*/; do
    [ -e "$program/go.mod" ] || continue
    (cd "$program" && go build -o program .) || echo "$program cannot be built"
  done
fi
