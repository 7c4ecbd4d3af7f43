#!/usr/bin/env bash
# Makes a base image of this machine's own Node and the libraries it is linked to, for where no registry can be reached:
#   docker/base-image.sh && docker build --build-arg BASE_IMAGE=mdns-registry-base -f docker/Dockerfile -t mdns-registry .
set -euo pipefail
image=${1:-mdns-registry-base}

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# add <program> <path in the image>: the program, and every library where it looks for it.
add() {
  local library
  install -D -m 755 "$(realpath "$1")" "$root$2"
  # A program without libraries is no error.
  for library in $(ldd "$1" 2>/dev/null | grep -o '/[^ ]*'); do
    install -D -m 755 "$(realpath "$library")" "$root$library"
  done
}

add "$(node -p process.execPath)" /usr/local/bin/node
add "$(command -v env)" /usr/bin/env
install -d -m 1777 "$root/tmp"

path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
tar -C "$root" --owner=0 --group=0 -c . | docker import --change "ENV PATH=$path" - "$image"
