// Owns the texts below the options of --help: the JSON shape of each command, examples, exit codes.
// Does not own the options themselves (program.ts).

export const OVERVIEW = `
Exit codes:
  0  done, or ended by a signal (goodbyes are sent first)
  1  nothing was found in time
  2  the command line makes no sense
  3  there is no usable interface

Examples:
  mdns-registry register greeter --port 8080 --metadata team=a
  mdns-registry get greeter --json
  mdns-registry browse -r -t _http._tcp
`

export const REGISTER = `
JSON: {"event":"registered","service":"greeter","node":{"id":"…","address":":8080","metadata":{}}}
One line, once the node is announced. The node is renewed until SIGINT or SIGTERM, or until the process dies:
then it is forgotten when its ttl has run out. The ttl is no less than three intervals unless both are given.
`

export const GET = `
JSON: {"name":"greeter","version":"1.0.0","metadata":{},"endpoints":[…],"nodes":[…]}
One line for each version, its nodes as for register. --timeout (default 3000) is how long
to wait for an answer; then the exit code is 1.
`

export const LIST = `
JSON: as for get, one line for each service and version. The exit code is 1 when there is none.
It ends one second after the last change, or after five; it waits --timeout (default 3500) for the first.
`

export const WATCH = `
JSON: {"action":"create"|"update"|"delete","service":{…}}
The service is as for get, with exactly the node that changed. What was there already has "initial":true;
a delete has "reason":"goodbye"|"expired"|"verify-failed" and the node as it was last known.
`

export const ADVERTISE = `
JSON: {"event":"published","name":"…","type":"_http._tcp","port":80}
      {"event":"renamed","from":"…","to":"…"} when another host has the name
A word without '=' is a TXT key without a value.
`

export const BROWSE = `
JSON: {"event":"up"|"update"|"down","name":"…","type":"_http._tcp","domain":"local"}
      with -r also "host":"…","port":80,"addresses":["…"],"txt":{"key":"value","flag":true}
A TXT value that is not UTF-8 is {"base64":"…"}; a link-local IPv6 address ends in %interface; down has a "reason".
-t ends one second after the last new answer, or after five; it waits --timeout (default 3500) for the first.
`

export const RESOLVE = `
JSON: as for browse -r, one line.
`

export const LOOKUP = `
JSON: {"host":"box.local","address":"198.18.0.1","family":4,"interface":"eth1"}, one line for each address
`

export const TYPES = `
JSON: {"event":"up"|"down","type":"_http._tcp"}
`

export const DEMO = `
Two processes are started: one registers 'greeter', one watches it. It takes a few seconds.
`
