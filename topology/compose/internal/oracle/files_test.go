package oracle

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology/compose"
)

// folder returns the project of files in a folder, with the variables of the file .env there, if there is one.
func folder(t *testing.T, dir string, names ...string) project {
	t.Helper()
	p := project{dir: dir, files: os.DirFS(dir), names: names}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		p.texts = append(p.texts, string(text))
	}
	if f, err := os.Open(filepath.Join(dir, ".env")); err == nil {
		defer f.Close()
		p.env, err = compose.ReadEnv(f)
		require.NoError(t, err)
		p.theirEnv, err = dotenv.Read(f.Name())
		require.NoError(t, err)
		require.Equal(t, p.theirEnv, p.env)
	}
	return p
}

// The OpenTelemetry demo, with and without its full layer.
func TestDemo(t *testing.T) {
	silence(t)
	dir, err := filepath.Abs("../../../../../shared/data/compose/otel-demo") // beside the repository
	require.NoError(t, err)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the OpenTelemetry demo is not there: ", err)
	}
	for _, names := range [][]string{{"compose.yaml"}, {"compose.yaml", "compose.full.yaml"}} {
		p := folder(t, dir, names...)
		want, err := p.theirs()
		require.NoError(t, err)
		got, err := p.ours(t)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.GreaterOrEqual(t, len(got), 20)
	}
}

// stricter returns the files that compose-go alone refuses, each with the reason why topology/compose reads it.
func stricter() map[string]string {
	return map[string]string{
		"cli/testdata/label-file/compose-with-missing-label-file.yaml": "files of labels are not read here",
		"loader/testdata/extends/base.yaml":                            "a service without an image is one here",
		"loader/testdata/include/dir/compose.yaml":                     "an env file that is missing is a finding",
	}
}

// The files that compose-go is tested with: both refuse, or both read the same.
func TestFiles(t *testing.T) {
	silence(t)
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/compose-spec/compose-go/v2").Output()
	root := strings.TrimSpace(string(out))
	if err != nil || root == "" {
		t.Skip("the files of compose-go are not there: ", err)
	}
	read, refused := 0, map[string]string{}
	for _, name := range composeFiles(t, root) {
		p := folder(t, filepath.Join(root, filepath.Dir(name)), filepath.Base(name))
		want, theirs := p.theirs()
		got, ours := p.ours(t)
		switch {
		case theirs == nil:
			require.NoError(t, ours, name)
			require.Equal(t, want, got, name)
			read++
		case ours == nil:
			refused[name] = stricter()[name]
			require.NotEmpty(t, refused[name], "%s is refused by compose-go alone: %v", name, theirs)
		}
	}
	require.Equal(t, stricter(), refused)
	require.Greater(t, read, 30)
}

// composeFiles returns the paths of the files with services in a folder, from there.
func composeFiles(t *testing.T, root string) (names []string) {
	t.Helper()
	files := os.DirFS(root)
	require.NoError(t, fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(name)) {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if strings.Contains(string(text), "services:") {
			names = append(names, name)
		}
		return err
	}))
	return names
}
