//! Reads one file and prints what was found: `cargo run -p reading --example read -- FILE [--json]`.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "an example may stop")]

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = arguments.first().expect("a file");
    let bytes = std::fs::read(file).expect("the file");
    let begun = std::time::Instant::now();
    match reading::Source::read(file, &bytes).map(reading::Reading::of) {
        Ok(read) if arguments.iter().any(|it| it == "--json") => {
            println!("{}", serde_json::to_string_pretty(&reading::told::json(&read)).unwrap());
        }
        Ok(read) => print!("{}", reading::told::people(&read, terms::Language::En)),
        Err(error) => println!("{error}"),
    }
    eprintln!("{:?}", begun.elapsed());
}
