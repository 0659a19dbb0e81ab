package main

import (
	"encoding/json"
	"io"

	"socketlab/chat-server/accounts"
)

// dump prints what is kept of each account, a JSON object a line.
func dump(path string, out io.Writer) error {
	all, err := accounts.Read(path)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(out)
	for _, account := range all {
		if err := lines.Encode(account); err != nil {
			return err
		}
	}
	return nil
}
