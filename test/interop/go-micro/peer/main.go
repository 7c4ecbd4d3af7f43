// A program with go-micro's registry, client and server that does what it is told: one JSON object per line on standard
// input, and what came of it, or what a watcher was told, one per line on standard output. The same source is built with
// each version of go-micro (build.sh puts the version in the place of v4).
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"go-micro.dev/v4/logger"
	"go-micro.dev/v4/registry"
)

// Order is one line of input. Which fields count depends on what is to be done.
type Order struct {
	Id       int               `json:"id"`
	Do       string            `json:"do"`
	Name     string            `json:"name"`
	Endpoint string            `json:"endpoint"`
	Body     json.RawMessage   `json:"body"`
	Service  *registry.Service `json:"service"`
}

// Answer is the line that an order is answered with.
type Answer struct {
	Id       int                 `json:"id"`
	Error    string              `json:"error,omitempty"`
	Took     float64             `json:"took"`
	Services []*registry.Service `json:"services,omitempty"`
	Body     json.RawMessage     `json:"body,omitempty"`
}

// Told is a line that a watcher was the cause of.
type Told struct {
	Watch   string            `json:"watch"`
	At      int64             `json:"at"`
	Action  string            `json:"action"`
	Service *registry.Service `json:"service"`
}

var output sync.Mutex

func main() {
	logger.DefaultLogger = logger.NewLogger(logger.WithOutput(os.Stderr), logger.WithLevel(logger.WarnLevel))
	peer := &Peer{registry: registry.DefaultRegistry}
	tell(map[string]string{"ready": peer.registry.String()})
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var order Order
		if err := json.Unmarshal(lines.Bytes(), &order); err != nil {
			tell(Answer{Error: err.Error()})
			continue
		}
		began := time.Now()
		answer := peer.obey(order)
		answer.Id, answer.Took = order.Id, float64(time.Since(began).Microseconds())/1000
		tell(answer)
		if order.Do == "quit" {
			return
		}
	}
}

// Peer is what the orders work on.
type Peer struct {
	registry registry.Registry
	servers  []stopper
}

func (p *Peer) obey(order Order) Answer {
	switch order.Do {
	case "register":
		return answered(nil, p.registry.Register(order.Service))
	case "deregister":
		return answered(nil, p.registry.Deregister(order.Service))
	case "get":
		return answered(p.registry.GetService(order.Name))
	case "list":
		return answered(p.registry.ListServices())
	case "watch":
		return answered(nil, p.watch(order.Name))
	case "call":
		body, err := call(p.registry, order)
		answer := answered(nil, err)
		answer.Body = body
		return answer
	case "serve":
		server, err := serve(p.registry, order.Service)
		if err == nil {
			p.servers = append(p.servers, server)
		}
		return answered(nil, err)
	case "quit":
		return answered(nil, p.stop())
	}
	return answered(nil, fmt.Errorf("%q is not known", order.Do))
}

// watch tells all that a watcher of one service, or of all, is told from now on.
func (p *Peer) watch(name string) error {
	watcher, err := p.registry.Watch(registry.WatchService(name))
	if err != nil {
		return err
	}
	go func() {
		for {
			result, err := watcher.Next()
			if err != nil {
				return
			}
			tell(Told{Watch: name, At: time.Now().UnixMilli(), Action: result.Action, Service: result.Service})
		}
	}()
	return nil
}

func (p *Peer) stop() error {
	var failed []string
	for _, server := range p.servers {
		if err := server.Stop(); err != nil {
			failed = append(failed, err.Error())
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(failed, ", "))
}

func answered(services []*registry.Service, err error) Answer {
	if err != nil {
		return Answer{Error: err.Error()}
	}
	return Answer{Services: services}
}

func tell(line any) {
	text, err := json.Marshal(line)
	if err != nil {
		text = []byte(fmt.Sprintf(`{"error":%q}`, err.Error()))
	}
	output.Lock()
	defer output.Unlock()
	fmt.Printf("%s\n", text)
}
