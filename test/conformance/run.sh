#!/bin/sh
# Runs every test that carries a rule and prints the score. Hosts on a network of their own need root and iproute2;
# without them their tests are left out, and with CI=true that is a failure.
set -eu
config=vitest.conformance.config.ts

if [ "$(id -u)" = 0 ] && command -v ip >/dev/null && command -v unshare >/dev/null; then
  exec unshare --net sh -c 'ip link set lo up && exec vitest run --config "$@"' conformance "$config" "$@"
fi
if [ "${CI:-}" = true ]; then
  echo 'The tests of hosts on a network need root, unshare and ip' >&2
  exit 1
fi
echo 'Without root, unshare and ip the tests of hosts on a network are left out'
exec vitest run --config "$config" --project plain "$@"
