// A second opinion on a published log, by libraries that we did not write: golang.org/x/mod/sumdb/note and tlog.
//
// Each line of standard input is one question, its parts between tabs: a folder with `checkpoint` and `tile`, the verifier key,
// and then files of three endings: `.checkpoint` (one that was kept), `.tlog-proof`, `.consistency`. Each line of the answer is
// `sound` or `WRONG: …`. The body of a checkpoint is parsed here, because tlog.ParseTree knows its own origin only.
//
// Run with GO111MODULE=off and GOPATH=/usr/share/gocode, where Debian's golang-golang-x-mod-dev lies.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8
const leafBytes = 42

type checkpoint struct {
	origin string
	tree   tlog.Tree
}

func main() {
	questions := bufio.NewScanner(os.Stdin)
	questions.Buffer(nil, 1<<20)
	for questions.Scan() {
		if err := answer(strings.Split(questions.Text(), "\t")); err != nil {
			fmt.Println("WRONG:", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("sound")
		}
	}
}

func answer(question []string) error {
	if len(question) < 2 {
		return errors.New("a question has a folder and a key")
	}
	folder, key := question[0], question[1]
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	now, err := openFile(filepath.Join(folder, "checkpoint"), verifier)
	if err != nil {
		return err
	}
	// Every tile that is read is proved against the root before anything is taken from it.
	hashes := tlog.TileHashReader(now.tree, tiles{folder})
	if err := leaves(folder, now, hashes); err != nil {
		return err
	}
	for _, file := range question[2:] {
		switch filepath.Ext(file) {
		case ".checkpoint":
			err = kept(file, verifier, now, hashes)
		case ".tlog-proof":
			err = proof(file, verifier, now.origin)
		case ".consistency":
			err = consistency(file, verifier, folder)
		default:
			err = errors.New("a file of an unknown kind")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
	}
	return nil
}

// leaves makes the tree again from the bundles, and holds each leaf against the tiles.
func leaves(folder string, now checkpoint, hashes tlog.HashReader) error {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, errors.New("a hash is not there")
			}
			found[i] = stored[index]
		}
		return found, nil
	})
	var index, last int64 = 0, -1 << 63
	for first := int64(0); first < now.tree.N; first += 256 {
		width := now.tree.N - first
		if width > 256 {
			width = 256
		}
		bundle := tlog.Tile{H: tileHeight, L: -1, N: first / 256, W: int(width)}
		data, err := os.ReadFile(filepath.Join(folder, path(bundle)))
		if err != nil {
			return err
		}
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return fmt.Errorf("entry %d: the bundle is cut short", index)
			}
			length := int(binary.BigEndian.Uint16(data))
			leaf := data[2 : 2+length]
			data = data[2+length:]
			if length != leafBytes || leaf[0] != 1 || leaf[1] < 1 || leaf[1] > 4 {
				return fmt.Errorf("entry %d: this is no leaf", index)
			}
			time := int64(binary.BigEndian.Uint64(leaf[2:10]))
			if time < last {
				return fmt.Errorf("entry %d: its time lies before that of the entry before it", index)
			}
			last = time
			more, err := tlog.StoredHashesForRecordHash(index, tlog.RecordHash(leaf), reader)
			if err != nil {
				return err
			}
			stored = append(stored, more...)
			index++
		}
		if len(data) != 0 {
			return fmt.Errorf("entry %d: something follows in the bundle", index)
		}
	}
	root, err := tlog.TreeHash(now.tree.N, reader)
	if err != nil {
		return err
	}
	if root != now.tree.Hash {
		return errors.New("the entries are not those that the checkpoint was signed for")
	}
	// Some inclusion proofs by their own making, from the tiles.
	step := now.tree.N/7 + 1
	for n := int64(0); n < now.tree.N; n += step {
		found, err := tlog.ProveRecord(now.tree.N, n, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(found, now.tree.N, now.tree.Hash, n, stored[tlog.StoredHashIndex(0, n)]); err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
	}
	return nil
}

// kept holds a checkpoint that somebody kept against the log.
func kept(file string, verifier note.Verifier, now checkpoint, hashes tlog.HashReader) error {
	old, err := openFile(file, verifier)
	if err != nil {
		return err
	}
	if old.origin != now.origin {
		return errors.New("it is of another log")
	}
	if old.tree.N > now.tree.N {
		return fmt.Errorf("it has %d entries, and now there are %d", old.tree.N, now.tree.N)
	}
	if old.tree.N == 0 {
		return nil
	}
	found, err := tlog.ProveTree(now.tree.N, old.tree.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(found, now.tree.N, now.tree.Hash, old.tree.N, old.tree.Hash)
}

// proof checks a C2SP tlog-proof with nothing else. Its leaf leads the extra data: a CBOR array that begins with 42 bytes.
func proof(file string, verifier note.Verifier, origin string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text := string(data)
	head, signed, found := strings.Cut(text, "\n\n")
	if !found {
		return errors.New("it has no checkpoint")
	}
	lines := strings.Split(head, "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return errors.New("it is no proof")
	}
	extra, err := base64.StdEncoding.DecodeString(lines[1][len("extra "):])
	if err != nil || len(extra) < 3+leafBytes || extra[0] != 0x83 || extra[1] != 0x58 || extra[2] != leafBytes {
		return errors.New("its extra data does not begin with a leaf")
	}
	index, err := number(lines[2][len("index "):])
	if err != nil {
		return err
	}
	path, err := hashesOf(lines[3:])
	if err != nil {
		return err
	}
	in, err := open([]byte(signed), verifier)
	if err != nil {
		return err
	}
	if in.origin != origin {
		return errors.New("it is of another log")
	}
	if index >= in.tree.N {
		return errors.New("the log has no such entry")
	}
	return tlog.CheckRecord(tlog.RecordProof(path), in.tree.N, in.tree.Hash, index, tlog.RecordHash(extra[3:3+leafBytes]))
}

// consistency checks `old SIZE`, a proof, and the newer checkpoint, against the folder's `kept` checkpoint of that size.
func consistency(file string, verifier note.Verifier, folder string) error {
	old, err := openFile(filepath.Join(folder, "kept"), verifier)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, signed, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || !strings.HasPrefix(lines[0], "old ") {
		return errors.New("it is no proof of consistency")
	}
	size, err := number(lines[0][len("old "):])
	if err != nil {
		return err
	}
	path, err := hashesOf(lines[1:])
	if err != nil {
		return err
	}
	new, err := open([]byte(signed), verifier)
	if err != nil {
		return err
	}
	if size != old.tree.N || new.origin != old.origin {
		return errors.New("it begins elsewhere")
	}
	return tlog.CheckTree(tlog.TreeProof(path), new.tree.N, new.tree.Hash, old.tree.N, old.tree.Hash)
}

func openFile(file string, verifier note.Verifier) (checkpoint, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return checkpoint{}, err
	}
	return open(data, verifier)
}

// open checks the signature and reads origin, size and root, a line each.
func open(data []byte, verifier note.Verifier) (checkpoint, error) {
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return checkpoint{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return checkpoint{}, errors.New("a checkpoint has three lines")
	}
	if !strings.HasPrefix(lines[0], verifier.Name()+"/") {
		return checkpoint{}, errors.New("the checkpoint is of no log of this key's")
	}
	size, err := number(lines[1])
	if err != nil {
		return checkpoint{}, err
	}
	root, err := hashesOf(lines[2:3])
	if err != nil {
		return checkpoint{}, err
	}
	return checkpoint{lines[0], tlog.Tree{N: size, Hash: root[0]}}, nil
}

func number(text string) (int64, error) {
	found, err := strconv.ParseInt(text, 10, 64)
	if err != nil || found < 0 || strconv.FormatInt(found, 10) != text {
		return 0, errors.New("this is no number of entries")
	}
	return found, nil
}

func hashesOf(lines []string) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, line := range lines {
		bytes, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(bytes) != tlog.HashSize {
			return nil, errors.New("a line is no hash")
		}
		var hash tlog.Hash
		copy(hash[:], bytes)
		found = append(found, hash)
	}
	return found, nil
}

// tiles reads tiles of a folder for the library.
type tiles struct{ folder string }

func (tiles) Height() int { return tileHeight }

func (from tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(from.folder, path(tile)))
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// path is the C2SP name: the library's own names the height, and calls bundles `data`.
func path(tile tlog.Tile) string {
	name := strings.TrimPrefix(tile.Path(), "tile/8/")
	return filepath.Join("tile", strings.Replace(name, "data/", "entries/", 1))
}
