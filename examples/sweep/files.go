package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ridethrough/ridethrough/cascade"
)

func shardFile(folder string, number, of int) string {
	return filepath.Join(folder, fmt.Sprintf("shard-%d-of-%d.json", number, of))
}

func pieceFile(folder string, number, of, piece, pieces int) string {
	return filepath.Join(folder, fmt.Sprintf("shard-%d-of-%d.piece-%d-of-%d.json", number, of, piece, pieces))
}

// write makes a file whole or not at all.
func write(file string, s *cascade.Screening) (err error) {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temporary.Name())
		}
	}()
	_, err = temporary.Write(append(text, '\n'))
	if readable := temporary.Chmod(0o644); err == nil {
		err = readable
	}
	if syncing := temporary.Sync(); err == nil {
		err = syncing
	}
	if closing := temporary.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(temporary.Name(), file)
}

func load(file string) (*cascade.Screening, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var s cascade.Screening
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("%s is not whole: %w: remove it, and do it again", file, err)
	}
	return &s, nil
}
