# A Docker engine for the time of the tests, where none runs. Sourced by .ci/run.
# Its networks have addresses of 198.18.0.0/15, which RFC 2544 keeps for tests.
engine_pid= engine_state=

# start_engine <log file>: an engine answers when it returns, or what the log says is printed. What an engine leaves that
# was killed keeps the next one from starting, so this one has its running state beside its log.
start_engine() {
  docker info >/dev/null 2>&1 && return
  engine_state=$1.run
  dockerd --bip 198.18.0.1/24 --default-address-pool base=198.18.16.0/20,size=24 \
    --pidfile "$1.pid" --exec-root "$engine_state" >"$1" 2>&1 &
  engine_pid=$!
  local tries
  for tries in {1..60}; do
    docker info >/dev/null 2>&1 && return
    kill -0 "$engine_pid" 2>/dev/null || break
    sleep 0.5
  done
  echo "no Docker engine answers:" && tail -n 20 "$1"
}

# Ends the engine that start_engine started, and no other.
stop_engine() {
  [[ -n $engine_pid ]] || return 0
  kill "$engine_pid" 2>/dev/null || true
  wait "$engine_pid" 2>/dev/null || true
  engine_pid=
  # It leaves the network namespaces of its containers mounted in its running state, which cannot be removed then.
  umount "$engine_state"/netns/* 2>/dev/null || true
}
