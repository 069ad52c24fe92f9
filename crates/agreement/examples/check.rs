//! Reads an agreement file and prints what the check found and who may see what:
//! `cargo run -p agreement --example check -- FILE`.

use agreement::{Agreement, explain};
use terms::Language;

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
    let read = Agreement::read(&path, &text);
    print!("{}", explain::check_result(&path, &read));
    match read {
        Ok(agreement) => {
            println!();
            print!("{}", explain::who_may_see_what(&agreement, Language::En));
            std::process::ExitCode::SUCCESS
        }
        Err(_) => std::process::ExitCode::FAILURE,
    }
}
