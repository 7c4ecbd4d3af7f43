// hashicorp/mdns, under the orders of the bench; the orders and events are those of test/peers/orders.mjs.
// It has no browser that runs: what polls with its queries, and notes what came and went, is here.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"github.com/hashicorp/mdns"
)

type order struct {
	Order, Name, Type string
	Port              int
}

var (
	saying  sync.Mutex
	servers = map[string]*mdns.Server{}
	silence = log.New(io.Discard, "", 0)
)

// The clock that all processes of one machine share, in milliseconds.
func monotonic() float64 {
	var now syscall.Timespec
	const clockMonotonic = 1
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&now)), 0)
	return float64(now.Sec)*1000 + float64(now.Nsec)/1e6
}

func say(event string, fields map[string]any) {
	line := map[string]any{"event": event, "at": time.Now().UnixMilli(), "monotonic": monotonic()}
	for key, value := range fields {
		line[key] = value
	}
	bytes, _ := json.Marshal(line)
	saying.Lock()
	defer saying.Unlock()
	os.Stdout.Write(append(bytes, '\n'))
}

func sayError(err error) {
	say("error", map[string]any{"message": err.Error()})
}

func publish(wanted order) error {
	host, _ := os.Hostname()
	service, err := mdns.NewMDNSService(
		wanted.Name, "_"+wanted.Type+"._tcp", "local.", host+".local.", wanted.Port, ownAddresses(), []string{""})
	if err != nil {
		return err
	}
	server, err := mdns.NewServer(&mdns.Config{Zone: service, Logger: silence})
	if err != nil {
		return err
	}
	servers[wanted.Name] = server
	say("published", map[string]any{"name": wanted.Name})
	return nil
}

func ownAddresses() (own []net.IP) {
	all, _ := net.InterfaceAddrs()
	for _, address := range all {
		if network, ok := address.(*net.IPNet); ok && network.IP.IsGlobalUnicast() {
			own = append(own, network.IP)
		}
	}
	return own
}

// Asks again and again, each time for as long as a query lasts by default, which is a second.
func browse(kind string) {
	service := "_" + kind + "._tcp"
	known := map[string]bool{}
	for {
		found := map[string]bool{}
		entries := make(chan *mdns.ServiceEntry, 8192)
		heard := make(chan struct{})
		go func() {
			defer close(heard)
			for entry := range entries {
				name := strings.TrimSuffix(entry.Name, "."+service+".local.")
				found[name] = true
				if !known[name] {
					known[name] = true
					say("up", map[string]any{"name": name, "host": entry.Host, "port": entry.Port,
						"addresses": []string{entry.AddrV4.String()}})
				}
			}
		}()
		params := mdns.DefaultParams(service)
		params.Entries, params.Logger = entries, silence
		if err := mdns.Query(params); err != nil {
			sayError(err)
		}
		close(entries)
		<-heard
		for name := range known {
			if !found[name] {
				delete(known, name)
				say("down", map[string]any{"name": name})
			}
		}
	}
}

func obey(line []byte) error {
	var wanted order
	if err := json.Unmarshal(line, &wanted); err != nil {
		return err
	}
	switch wanted.Order {
	case "publish":
		return publish(wanted)
	case "unpublish":
		return servers[wanted.Name].Shutdown()
	case "browse":
		go browse(wanted.Type)
	}
	return nil
}

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		os.Exit(0)
	}()
	say("ready", nil)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := obey(lines.Bytes()); err != nil {
			sayError(err)
		}
	}
	select {}
}
