#!/usr/bin/env bash
# Builds the peer once with every version of go-micro that has a directory here: bin/go-micro-v4, bin/go-micro-v5.
# The versions of all modules are those of go.mod and go.sum. Needs any Go: one that is too old fetches a newer one.
set -euo pipefail
cd "$(dirname "$0")"

# What the newest go-micro asks for, and which release of it is fetched where there is only an older one.
wanted=1.24 release=go1.24.1
export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off

# One at a time, and once: several test files want it.
mkdir -p bin
exec 9>bin/lock
flock 9
sources=(build.sh peer/*.go v*/go.*)
for major in v4 v5; do
  [[ -n $(find "${sources[@]}" -newer "bin/go-micro-$major" 2>/dev/null || echo none) ]] && break
  [[ $major != v5 ]] || exit 0
done

go=$(command -v go || echo /usr/local/go/bin/go)
[[ -x $go ]] || { echo 'go-micro needs Go to be built: apt-get install golang-go'; exit 1; } >&2

# Go before 1.21 knows nothing of other toolchains, but they are modules like any other. A module has no file that may
# be executed, and no go.mod below its own.
fetch_toolchain() {
  local directory module
  module=golang.org/toolchain@v0.0.1-$release.linux-$("$go" env GOARCH)
  directory=$(cd / && "$go" mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",\?$/\1/p')
  [[ -d $directory ]] || { echo "$("$go" version) is too old for go-micro, and $module cannot be had"; exit 1; } >&2
  chmod -R u+w "$directory"
  chmod +x "$directory"/bin/* "$directory"/pkg/tool/*/*
  [[ ! -e $directory/src/_go.mod ]] || mv "$directory/src/_go.mod" "$directory/src/go.mod"
  go=$directory/bin/go
}

version=$("$go" env GOVERSION)
if ! printf '%s\n' "$wanted" "${version#go}" | sort --check=quiet --version-sort; then
  export GOTOOLCHAIN=local
  fetch_toolchain
fi

stage=$(mktemp -d -p bin)
trap 'rm -rf "$stage"' EXIT
for major in v4 v5; do
  mkdir "$stage/$major"
  cp "$major"/go.mod "$major"/go.sum "$stage/$major"
  for source in peer/*.go; do
    sed "s|go-micro.dev/v4|go-micro.dev/$major|" "$source" >"$stage/$major/${source##*/}"
  done
  (cd "$stage/$major" && "$go" build -buildvcs=false -trimpath -ldflags '-s -w' -o peer .)
  mv "$stage/$major/peer" "bin/go-micro-$major"
done
