//! The one binary: it hangs everything up. Only here are clock, environment and command line read.

mod agreements;
mod allocator;
mod archiving;
mod bench_growth;
mod bench_plan;
mod bench_restore;
mod bench_views;
mod check;
mod clock;
mod custodian;
mod customer_file;
mod demo;
mod doctor;
mod drill;
mod effective;
mod import;
mod installation;
mod keys_offsite;
mod layering;
mod live_files;
mod new_agreement;
mod opening;
mod purge;
mod read;
mod read_report;
mod restore;
mod same_event;
mod seams;
mod serve;
mod services;
mod settings;
mod snapshots;
mod take_text;
mod text_file;
mod whole_file;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Entries are made in one thread and freed in another, for which the system's allocator takes turns.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Betrodd runs a web service as the data processor that its agreement promises to be.
///
/// An agreement (services/<name>/agreement.sv.md) is a text that a lawyer reads and this program runs: it decides every
/// reading and writing of personal data, and the journal proves afterwards how it went.
#[derive(Parser)]
#[command(name = "betrodd", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a demo folder (made-up customers of every service, and a month of work) and serves it.
    ///
    /// Open the address that it prints and enter as anybody with one click. Stopping and starting again keeps everything;
    /// `--fresh` begins anew. Change services/matcha/agreement.sv.md, start again, and pages and decisions follow.
    Demo {
        /// The data folder.
        #[arg(long, default_value = "betrodd-demo", value_name = "FOLDER")]
        data: PathBuf,
        #[command(flatten)]
        place: Place,
        /// Begin anew: removes the demo folder first. Only a folder that this command made is removed.
        #[arg(long)]
        fresh: bool,
        /// The demo's present moment, e.g. `2026-12-01` or `2026-12-01T09:30` in Swedish time. It cannot go back behind
        /// what the journal already holds.
        #[arg(long, value_name = "TIME")]
        now: Option<String>,
    },
    /// Serves a data folder as it is, without the demo's conveniences.
    ///
    /// Meant to stand behind a proxy that encrypts: cookies are `Secure`, so browsers send them over HTTPS only. For a trial on
    /// this machine without one, say `--plain-http`.
    Serve {
        /// The data folder.
        #[arg(long, value_name = "FOLDER")]
        data: PathBuf,
        #[command(flatten)]
        place: Place,
        /// Browsers come over plain HTTP: cookies are not `Secure`. For trials on a loopback address.
        #[arg(long)]
        plain_http: bool,
        /// The proxy's address. Where a connection comes from it, attempts to log in are counted by the last entry of
        /// `X-Forwarded-For`, which the proxy must write.
        #[arg(long, value_name = "ADDRESS")]
        trusted_proxy: Option<IpAddr>,
        /// A scanner for malware (clamd) through which every file goes: `unix:/run/clamav/clamd.ctl` or `127.0.0.1:3310`. Does it
        /// not answer, no file is taken. Without one, files are told as not scanned.
        #[arg(long, value_name = "SCANNER")]
        clamav: Option<files::Scanner>,
        /// Goes on from a journal that was set back behind what was published, where nothing newer is left. It is entered, and whoever
        /// holds a newer checkpoint sees that entries are gone. To be said once, for a folder that does not start without it.
        #[arg(long)]
        go_on_from_set_back: bool,
        #[command(flatten)]
        second: archiving::SecondPlace,
        #[command(flatten)]
        keeping: keys_offsite::Keeping,
        #[command(flatten)]
        settings: settings::SettingsFile,
    },
    /// Keeps what opens the off-site copies of keys, at a third place: not where the service runs, and not where its archive lies.
    ///
    /// Prints where it answers and where the secret lies that `serve --custodian` asks with. What it keeps is destroyed truly once
    /// a newer copy is in force, so that an erased person is erased in every copy; so keep its folder in no backup.
    Custodian {
        /// The folder.
        #[arg(long, value_name = "FOLDER")]
        folder: PathBuf,
        /// Where it answers: `unix:/run/betrodd/custodian.sock`, or an address with a port.
        #[arg(long, default_value = "127.0.0.1:7311", value_name = "ADDRESS")]
        listen: ::custodian::Address,
    },
    /// Ships a data folder that nobody serves to its archive, until that holds all of it. While a folder is served with `--archive`
    /// there is no need to.
    Backup {
        /// The data folder.
        #[arg(long, value_name = "FOLDER")]
        data: PathBuf,
        #[command(flatten)]
        services: Services,
        #[command(flatten)]
        second: archiving::SecondPlace,
        #[command(flatten)]
        keeping: keys_offsite::Keeping,
        #[command(flatten)]
        settings: settings::SettingsFile,
    },
    /// Brings an installation back from its archive into a new folder, as it was last or with the content of an earlier instant;
    /// or only tries whether that would do (`--drill`).
    ///
    /// Nothing is cut off: the journal keeps what came since, and says that it was gone back. Keys, erasures, restrictions, consents,
    /// agreements, accounts and roles stay as they are now; whoever was logged in logs in again.
    Restore(restore::Restoring),
    /// Shows what of the logs' details the agreements let go, and takes it out with `--carry-out`. A program that serves does that by
    /// itself once a day. No program may be serving the folder.
    ///
    /// Who, what and why of an entry go; that something happened, and when, stays, and every proof holds. Where an agreement states no
    /// period nothing goes.
    Purge(purge::Wanted),
    /// Sets up the provider of a service in a data folder, with its first administrator. No program may be serving the folder.
    ///
    /// Prints a password and the secret of one-time codes, once.
    OpenProvider {
        /// The data folder.
        #[arg(long, value_name = "FOLDER")]
        data: PathBuf,
        #[command(flatten)]
        services: Services,
        #[command(flatten)]
        opening: opening::Opening,
    },
    /// Sets up a customer of a service in a data folder, with its first administrator. No program may be serving the folder.
    ///
    /// Refused until the parties that the agreement leaves places for are filled. Prints a password and the secret of one-time
    /// codes, once.
    OpenCustomer {
        /// The data folder.
        #[arg(long, value_name = "FOLDER")]
        data: PathBuf,
        #[command(flatten)]
        services: Services,
        #[command(flatten)]
        opening: opening::Opening,
        /// From when the agreement governs, e.g. `2026-12-01` in Swedish time; now, where nothing is said or that lies before.
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
    },
    /// Brings a customer's own supplement or instruction into force over the agreement. No program may be serving the folder.
    ///
    /// Tells what it says otherwise, which text won and by which clause, and what waits until somebody decides. A layer governs
    /// from the day that it names, and a new text of the agreement keeps it.
    AddLayer {
        /// The data folder.
        #[arg(long, value_name = "FOLDER")]
        data: PathBuf,
        #[command(flatten)]
        services: Services,
        /// The customer's name.
        #[arg(long, value_name = "NAME")]
        customer: String,
        /// The layers, in their order.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Brings a customer's own file into force: its units and lists, consent texts, additions to the Specification, the rules of
    /// its programmes. No program may be serving the folder. An administrator does the same on the page, without this.
    ///
    /// Tells every fault with its line, or what changes.
    AdoptFile {
        /// The data folder.
        #[arg(long, value_name = "FOLDER")]
        data: PathBuf,
        #[command(flatten)]
        services: Services,
        /// The customer's name.
        #[arg(long, value_name = "NAME")]
        customer: String,
        /// From when, e.g. `2026-12-01` in Swedish time; now, where nothing is said or that lies before.
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Brings records in from a CSV file, or undoes an import, as the person whose key is given. No program may be serving the folder;
    /// over one that does, the same is done with `POST /api/v1/SERVICE/KIND/import` and the same key.
    ///
    /// Every row goes through the door and is decided by the agreement, as if that person had written it on a page. First it is
    /// told what the file holds and what is wrong with which row; nothing is written where a row is bad, unless `--good-rows` is
    /// said. The same file again goes on where it was interrupted, and writes no row twice.
    ///
    /// Exit status: 0 every row is in, 1 rows were left out or nothing was written, 2 it could not be done.
    Import(import::Wanted),
    /// Reads a text as it lies in the world (text, Markdown, HTML, DOCX, PDF): what it is, what it says with quotation and line, what
    /// is odd about it, and what it does not say.
    ///
    /// Nothing is invented: a value without a quotation that holds it is not told.
    ///
    /// Exit status: 0 an agreement or a register was read, 1 the text is neither, 2 there is nothing to read.
    Read(read::Wanted),
    /// The program's own child, which takes the text out of a file under limits of time and memory.
    #[command(name = take_text::CALLED, hide = true)]
    TakeText,
    /// Reads agreement files, tells every fault, and checks each against Article 28 and what belongs to it.
    ///
    /// Each finding has its clause, a quotation, its source and what to write. A silence of the text is a question.
    ///
    /// Exit status: 0 nothing blocks, 1 faults or something blocks, 2 a file cannot be read.
    Check(check::Wanted),
    /// Prints what an agreement comes to: who may see what, what falls due when, the record of processing.
    Explain {
        /// The file, e.g. services/matcha/agreement.sv.md
        file: PathBuf,
        /// Which table.
        #[arg(long, value_enum, default_value = "who-may-see-what")]
        table: check::Table,
        /// For what falls due: when everything happens, e.g. `2026-03-27T15:30` in Swedish time; now, where nothing is said.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// In English instead of Swedish.
        #[arg(long)]
        english: bool,
    },
    /// Shows what every agreement demands at one event: who acts, by when with its calculation, by which clause.
    ///
    /// Where an agreement is silent it says so; a limit of the operator's own is shown as one, and never as a promise.
    SameEvent(same_event::Asked),
    /// Shows what governs with a customer's supplement or instructions over an agreement.
    ///
    /// Where they say different things: what each says, which won, by which clause, and what waits for a person. Nothing is
    /// brought into force.
    Effective(effective::Asked),
    /// Begins something new: a service's folder with agreement, kinds and demo, from a form.
    New {
        #[command(subcommand)]
        what: New,
    },
    /// Says in plain words what of a data folder is not as it should be, and what to do. Changes nothing, and may run while a
    /// program serves the folder.
    ///
    /// Looks at who can read the keys, whether they fit, free room, formats, the whole journal, the clock, files, erasures without a
    /// certificate, the second place, and what of the agreements ends soon.
    ///
    /// Exit status: 0 all is as it should be, 1 something should be done, 2 something must be.
    Doctor(doctor::Wanted),
    /// Prints the JSON Schema by which editors help: of an agreement's terms, or of a service's kinds.
    Schema {
        /// Which one.
        of: SchemaOf,
    },
    /// Measures the price of protection: the same pages over HTTP, unprotected against fully protected, interleaved.
    Bench {
        /// Where services lie.
        #[arg(long, default_value = "services", value_name = "FOLDER")]
        services: PathBuf,
        /// Rounds of each variant.
        #[arg(long, default_value_t = 7)]
        rounds: usize,
        /// Seconds of each measurement.
        #[arg(long, default_value_t = 2.0)]
        seconds: f64,
        /// Connections.
        #[arg(long, default_value_t = 64)]
        connections: usize,
        /// Measures instead the computed pages over so many participants, at the server.
        #[arg(long, value_name = "PARTICIPANTS")]
        views: Option<usize>,
        /// Measures instead how taking out and erasing grow with the records there are, up to so many.
        #[arg(long, value_name = "RECORDS", conflicts_with = "views")]
        growth: Option<usize>,
        /// Measures instead a restore beside `cp -r` of the same archive, of so many MiB.
        #[arg(long, value_name = "MIB", conflicts_with_all = ["views", "growth"], num_args = 0..=1, default_missing_value = "32")]
        restore: Option<u64>,
    },
}

#[derive(Subcommand)]
enum New {
    /// Asks the questions of the Commission's standard clauses for processors, in their order, and writes a service's folder.
    ///
    /// What is written is in our own words, passes every check that blocks, and runs with `betrodd demo --service FOLDER`.
    Agreement(new_agreement::Wanted),
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum SchemaOf {
    /// The toml blocks of an agreement or layer.
    Terms,
    /// kinds.toml.
    Kinds,
}

/// Where from and where to.
#[derive(Args)]
struct Place {
    #[command(flatten)]
    services: Services,
    /// The address to serve on, 127.0.0.1:8080 where nothing is said. Port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

impl Place {
    /// The address: what the flag says, or else the settings.
    fn listen(&self, settings: Option<SocketAddr>) -> SocketAddr {
        self.listen.or(settings).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)))
    }

    fn read(&self) -> Result<services::Read, Told> {
        self.services.read()
    }
}

/// Where services lie.
#[derive(Args)]
struct Services {
    /// Where services lie: a folder each, with agreement.sv.md and kinds.toml. `services`, where nothing is said.
    #[arg(long, value_name = "FOLDER")]
    services: Option<PathBuf>,
    /// One service by its own folder. May be said several times; then only these are served, and those of `--services` if that
    /// is said too.
    #[arg(long, value_name = "FOLDER")]
    service: Vec<PathBuf>,
}

impl Services {
    /// One service by its folder.
    fn of_one(folder: &Path) -> Self {
        Self { services: None, service: vec![folder.to_owned()] }
    }

    fn read(&self) -> Result<services::Read, Told> {
        let all = match (&self.services, self.service.is_empty()) {
            (Some(folder), _) => Some(folder.clone()),
            (None, true) => Some(PathBuf::from("services")),
            (None, false) => None,
        };
        let mut read = services::read_each(&self.service)?;
        if let Some(folder) = all {
            read.add(services::read(&folder)?)?;
        }
        Ok(read)
    }
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("BETRODD_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .init();
    let cli = Cli::parse();
    if matches!(cli.command, Command::Demo { .. } | Command::Serve { .. } | Command::Custodian { .. }) {
        allocator::give_back_soon();
    }
    match run(cli) {
        Ok(code) => code,
        Err(told) => {
            eprintln!("betrodd: {told}");
            ExitCode::from(2)
        }
    }
}

/// What a person is told when the program cannot go on.
type Told = Box<dyn std::error::Error>;

fn run(cli: Cli) -> Result<ExitCode, Told> {
    match cli.command {
        Command::AddLayer { data, services, customer, files } => {
            runtime()?.block_on(layering::add(&data, &services, &customer, &files))
        }
        Command::AdoptFile { data, services, customer, from, file } => {
            runtime()?.block_on(customer_file::adopt(&data, &services, &customer, from.as_deref(), &file))
        }
        Command::Backup { data, services, second, keeping, settings } => {
            let settings = settings.read(&data)?;
            let second = settings.second(second);
            let to = second.archive.ok_or("name the archive with --archive, or in betrodd.toml")?;
            let keeping = settings.keeping(keeping);
            runtime()?.block_on(restore::backup(&data, &services, &to, &keeping, second.restore_window))
        }
        Command::Purge(wanted) => runtime()?.block_on(purge::run(&wanted)),
        Command::Restore(wanted) => runtime()?.block_on(restore::run(&wanted)),
        Command::Import(wanted) => runtime()?.block_on(import::run(&wanted)),
        Command::Read(wanted) => read::run(&wanted),
        Command::TakeText => take_text::run(),
        Command::Check(wanted) => check::check(&wanted),
        Command::Explain { file, table, at, english } => {
            let language = if english { terms::Language::En } else { terms::Language::Sv };
            check::explain(&file, table, at.as_deref(), language)
        }
        Command::SameEvent(asked) => same_event::run(&asked),
        Command::Doctor(wanted) => doctor::run(&wanted),
        Command::Effective(asked) => effective::run(&asked),
        Command::New { what: New::Agreement(wanted) } => new_agreement::run(&wanted),
        Command::Schema { of } => {
            let schema = match of {
                SchemaOf::Terms => agreement::language::terms_schema(),
                SchemaOf::Kinds => service::kinds_schema(),
            };
            println!("{}", serde_json::to_string_pretty(&schema)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Bench { services, views: Some(participants), .. } => bench_views::run(&services, participants),
        Command::Bench { services, growth: Some(most), .. } => bench_growth::run(&services, most),
        Command::Bench { services, restore: Some(mebibytes), .. } => bench_restore::run(&services, mebibytes),
        Command::Bench { services, rounds, seconds, connections, views: None, growth: None, restore: None } => {
            bench_plan::run(services, rounds, seconds, connections)
        }
        Command::Demo { data, place, fresh, now } => {
            runtime()?.block_on(demo::run(&data, &place, fresh, now.as_deref()))
        }
        Command::Custodian { folder, listen } => custodian::run(&folder, &listen),
        Command::OpenProvider { data, services, opening } => {
            runtime()?.block_on(opening::provider(&data, &services, &opening))
        }
        Command::OpenCustomer { data, services, opening, from } => {
            runtime()?.block_on(opening::customer(&data, &services, &opening, from.as_deref()))
        }
        Command::Serve {
            data,
            place,
            plain_http,
            trusted_proxy,
            clamav,
            go_on_from_set_back,
            second,
            keeping,
            settings,
        } => {
            let settings = settings.read(&data)?;
            let way =
                serve::Way { go_on_from_set_back, plain_http, trusted_proxy: trusted_proxy.or(settings.trusted_proxy) };
            // It was read once, and is one.
            let clamav = clamav.or_else(|| settings.clamav.as_ref().and_then(|scanner| scanner.parse().ok()));
            let listen = place.listen(settings.listen);
            let (second, keeping) = (settings.second(second), settings.keeping(keeping));
            runtime()?.block_on(serve::plain(&data, &place, listen, way, clamav, &second, &keeping))
        }
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}
