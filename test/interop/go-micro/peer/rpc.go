package main

import (
	"context"
	"encoding/json"

	"go-micro.dev/v4/broker"
	"go-micro.dev/v4/client"
	"go-micro.dev/v4/registry"
	"go-micro.dev/v4/selector"
	"go-micro.dev/v4/server"
)

type stopper interface{ Stop() error }

// Greeting is what Greeter.Hello takes and gives.
type Greeting struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Greeter is the handler of every service that is served here.
type Greeter struct{}

// Hello is found by go-micro's server, which makes an endpoint of it.
func (*Greeter) Hello(_ context.Context, request *Greeting, response *Greeting) error {
	response.Name, response.Text = request.Name, "Hello "+request.Name
	return nil
}

// serve runs go-micro's server, which registers itself, on the address of the one node that is given.
func serve(into registry.Registry, service *registry.Service) (stopper, error) {
	node := service.Nodes[0]
	rpc := server.NewRPCServer(
		server.Name(service.Name), server.Version(service.Version), server.Id(node.Id), server.Address(node.Address),
		server.Metadata(node.Metadata), server.Registry(into), server.Broker(broker.NewMemoryBroker()),
	)
	if err := rpc.Handle(rpc.NewHandler(new(Greeter))); err != nil {
		return nil, err
	}
	return rpc, rpc.Start()
}

// call does what any client of go-micro does: it selects a node of the service and asks it, in JSON.
func call(from registry.Registry, order Order) (json.RawMessage, error) {
	caller := client.NewClient(
		client.Registry(from), client.Selector(selector.NewSelector(selector.Registry(from))),
		client.Broker(broker.NewMemoryBroker()), client.ContentType("application/json"),
	)
	var response map[string]any
	request := caller.NewRequest(order.Name, order.Endpoint, order.Body)
	if err := caller.Call(context.Background(), request, &response); err != nil {
		return nil, err
	}
	return json.Marshal(response)
}
