//! Go's libraries, asked: `e2e/go/verify.go` built once with Debian's compiler and `golang-golang-x-mod-dev`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

const WHAT_TO_INSTALL: &str =
    "these tests ask Go's libraries: install the packages `golang-go` and `golang-golang-x-mod-dev` (Debian)";

pub struct Go(PathBuf);

impl Go {
    /// The built program.
    pub fn built() -> Self {
        static BUILT: OnceLock<PathBuf> = OnceLock::new();
        let program = BUILT.get_or_init(|| {
            let to = std::env::temp_dir().join(format!("betrodd-goverify-{}", std::process::id()));
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("go/verify.go");
            let gopath = std::env::var("BETRODD_GOPATH").unwrap_or_else(|_| "/usr/share/gocode".to_owned());
            let output = Command::new("go")
                .args(["build", "-o"])
                .arg(&to)
                .arg(source)
                .envs([("GO111MODULE", "off"), ("GOFLAGS", ""), ("GOPATH", gopath.as_str())])
                .output()
                .unwrap_or_else(|error| panic!("{WHAT_TO_INSTALL}: {error}"));
            assert!(output.status.success(), "{WHAT_TO_INSTALL}\n{}", String::from_utf8_lossy(&output.stderr));
            to
        });
        Self(program.clone())
    }

    /// One answer a question.
    pub fn ask(&self, questions: &[String]) -> Vec<String> {
        let mut child = Command::new(&self.0).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut to = child.stdin.take().expect("an input");
        let all = questions.join("\n") + "\n";
        let writing = std::thread::spawn(move || to.write_all(all.as_bytes()));
        let output = child.wait_with_output().expect("it ends");
        writing.join().expect("written").expect("written");
        let answers: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        assert_eq!(answers.len(), questions.len(), "one answer a question");
        answers
    }
}
