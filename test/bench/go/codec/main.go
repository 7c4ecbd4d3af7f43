// The codec of miekg/dns over the very bytes that ours wrote: a line with a request in, a line with a result out.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/miekg/dns"
)

type request struct {
	Operation    string   `json:"operation"`
	Packets      [][]byte `json:"packets"`
	Milliseconds int64    `json:"milliseconds"`
}

type result struct {
	Microseconds float64 `json:"microseconds,omitempty"`
	Records      []int   `json:"records,omitempty"`
	Error        string  `json:"error,omitempty"`
}

// decodeAll reads the packets once; what is written later is what was read here.
func decodeAll(packets [][]byte) ([]*dns.Msg, error) {
	messages := make([]*dns.Msg, len(packets))
	for index, packet := range packets {
		message := new(dns.Msg)
		if err := message.Unpack(packet); err != nil {
			return nil, err
		}
		message.Compress = true
		messages[index] = message
	}
	return messages, nil
}

func answer(asked request) (result, error) {
	messages, err := decodeAll(asked.Packets)
	if err != nil {
		return result{}, err
	}
	switch asked.Operation {
	case "decode":
		return result{Microseconds: measure(asked, func(index int) error {
			return new(dns.Msg).Unpack(asked.Packets[index])
		})}, nil
	case "encode":
		return result{Microseconds: measure(asked, func(index int) error {
			_, err := messages[index].Pack()
			return err
		})}, nil
	default:
		return result{Records: recordsOf(messages)}, nil
	}
}

func recordsOf(messages []*dns.Msg) []int {
	var records []int
	for _, message := range messages {
		records = append(records, len(message.Answer)+len(message.Ns)+len(message.Extra))
	}
	return records
}

// measure returns the microseconds of one call, over as many calls as fill the time.
func measure(asked request, call func(index int) error) float64 {
	limit := time.Duration(asked.Milliseconds) * time.Millisecond
	start := time.Now()
	calls := 0
	for time.Since(start) < limit {
		for turn := 0; turn < 16; turn++ {
			if err := call(calls % len(asked.Packets)); err != nil {
				panic(err)
			}
			calls++
		}
	}
	return float64(time.Since(start).Nanoseconds()) / 1e3 / float64(calls)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var asked request
		var answered result
		err := json.Unmarshal(lines.Bytes(), &asked)
		if err == nil {
			answered, err = answer(asked)
		}
		if err != nil {
			answered = result{Error: err.Error()}
		}
		text, _ := json.Marshal(answered)
		fmt.Println(string(text))
	}
}
