//! Reads an agreement file and prints its faults or its warnings: `cargo run -p agreement --example check -- FILE`.

fn main() -> std::process::ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("name an agreement file");
        return std::process::ExitCode::FAILURE;
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return std::process::ExitCode::FAILURE;
        }
    };
    match agreement::Agreement::read(&path, &text) {
        Ok(agreement) => {
            println!("{agreement:?}: {} clauses", agreement.clauses().len());
            for warning in agreement.warnings() {
                println!("{path}:{}  {}\n   {}", warning.line, warning.heading, warning.message);
            }
            std::process::ExitCode::SUCCESS
        }
        Err(faults) => {
            eprintln!("{faults}");
            std::process::ExitCode::FAILURE
        }
    }
}
