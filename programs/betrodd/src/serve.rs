//! Serving: the portal on an address until it is asked to stop or has to.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use portal::Demo;
use tokio::net::TcpListener;

use crate::Told;
use crate::archiving::{Archiving, SecondPlace, Standing};
use crate::clock::SystemClock;
use crate::installation::{self, Installation};
use crate::keys_offsite::Keeping;

/// Serves a data folder as it is.
pub async fn plain(
    data: &Path,
    place: &crate::Place,
    listen: SocketAddr,
    way: Way,
    scanner: Option<files::Scanner>,
    second: &SecondPlace,
    keeping: &Keeping,
) -> Result<ExitCode, Told> {
    if keeping.by.custodian.is_some() && second.archive.is_none() {
        return Err(
            "a custodian keeps what opens copies of keys, and those lie in the archive: name that with --archive too"
                .into(),
        );
    }
    if second.restore_window.is_some() && second.archive.is_none() {
        return Err("how long copies are kept is said of an archive: name that with --archive too".into());
    }
    // What is wrong with the second place, or the custodian's secret, is said before the folder is touched.
    drop(keeping.by.custodian()?);
    let archive = second.archive.as_deref().map(crate::archiving::place).transpose()?;
    let services = place.read()?;
    services.tell_registers();
    let shelves = services.shelves;
    crate::live_files::choose(data, second.files.as_deref())?;
    if way.go_on_from_set_back {
        installation::go_on_from_set_back(data, place.read()?.shelves, Arc::new(SystemClock))?;
    }
    let installation = installation::open_scanned(data, shelves, Arc::new(SystemClock), false, scanner)?;
    // Also of a start before this one, which died between the two.
    if storage::is_to_be_entered(data) {
        installation::enter_set_back(&installation).await?;
        storage::is_entered(data)?;
    }
    crate::agreements::adopt(&installation, installation.store.now()).await?;
    if !installation.store.tenants()?.iter().any(|tenant| tenant.provider) {
        eprintln!(
            "betrodd: nobody can log in: no provider was opened in `{}`; stop, and begin with `betrodd open-provider`",
            data.display()
        );
    }
    let start = |archive| Archiving::start(&installation, archive, keeping, second.restore_window);
    let archiving = archive.map(start).transpose()?;
    self::serve(installation, listen, None, way, archiving).await
}

/// How browsers reach us.
#[derive(Clone, Copy)]
pub struct Way {
    /// Whether a journal that was set back is gone on from.
    pub go_on_from_set_back: bool,
    /// Over HTTP that nobody encrypts, so that cookies cannot be `Secure`.
    pub plain_http: bool,
    /// The proxy whose word on the client's address is taken.
    pub trusted_proxy: Option<IpAddr>,
}

/// Puts the client's address in the place of the proxy's, where the proxy is the one that we trust. Attempts to log in are
/// counted by it; all clients would else share the proxy's.
fn behind(proxy: IpAddr, mut request: Request) -> Request {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>()
        && peer.ip().to_canonical() == proxy.to_canonical()
        && let Some(client) = forwarded_for(request.headers())
    {
        let client = SocketAddr::new(client, peer.port());
        request.extensions_mut().insert(ConnectInfo(client));
    }
    request
}

/// The last entry is the one that the proxy wrote; whatever stands before it, the client may have made up.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
    last.parse().or_else(|_| last.parse().map(|address: SocketAddr| address.ip())).ok()
}

/// Minutes between purges of details, and how soon after a start the first is made.
const PURGE_EVERY_MINUTES: u64 = 24 * 60;
const FIRST_PURGE_MINUTES: u64 = 5;

/// Serves until interrupted. Prints the address in a line of its own once it answers.
pub async fn serve(
    installation: Installation,
    listen: SocketAddr,
    demo: Option<Demo>,
    way: Way,
    archiving: Option<Archiving>,
) -> Result<ExitCode, Told> {
    let archiving = archiving.map(Arc::new);
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|cause| format!("the address {listen} cannot be used: {cause}. Choose another with --listen"))?;
    let address = listener.local_addr()?;
    let store = Arc::clone(&installation.store);
    let access = Arc::clone(&installation.access);
    let processing = Arc::clone(&installation.processing);
    let certifying = Arc::clone(&processing);
    let secure = demo.is_none() && !way.plain_http;
    let folder = installation.folder.clone();
    let mut portal = crate::seams::portal(installation, demo, secure);
    let standing = Arc::new(Standing { folder, archiving: archiving.clone(), store: Arc::downgrade(&store) });
    portal.operations = Some(standing);
    let mut app = portal::router(Arc::new(portal));
    if let Some(proxy) = way.trusted_proxy {
        app = app.layer(axum::middleware::map_request(move |request: Request| async move { behind(proxy, request) }));
    }
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    // Whoever reads that line may ask us to stop at once, and is to be heard.
    let interrupted = interrupted()?;
    println!("listening on http://{address}");
    let minutes = {
        let store = Arc::clone(&store);
        let archiving = archiving.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(Duration::from_secs(60));
            let mut minute = 0_u64;
            loop {
                every.tick().await;
                access.tick(store.now()).await;
                processing.tick_files().await;
                processing.let_plans_go();
                if let Some(archiving) = &archiving {
                    archiving.minute(&store).await;
                }
                // What a start finds begun, and what somebody who hung up left in the middle.
                if let Err(no) = processing.finish_erasures().await {
                    tracing::error!(?no, "an erasure could not be finished; it is tried again in a minute");
                }
                if let Err(no) = processing.end_set_aside().await {
                    tracing::error!(
                        ?no,
                        "what was set aside could not be erased at its end; it is tried again in a minute"
                    );
                }
                if let Err(no) = processing.end_holds().await {
                    tracing::error!(?no, "the end of a legal hold could not be entered; it is tried again in a minute");
                }
                if let Err(no) = processing.let_go_after_holds().await {
                    tracing::error!(?no, "what only a hold kept could not be let go; it is tried again in a minute");
                }
                if let Err(no) = processing.hurry_rotation() {
                    tracing::error!(?no, "whether a rotation of keys is to be made at once could not be found out");
                }
                certify(&processing).await;
                if minute % PURGE_EVERY_MINUTES == FIRST_PURGE_MINUTES {
                    match processing.purge_details().await {
                        Ok(0) => {}
                        Ok(purged) => tracing::info!(purged, "details of logs were purged, as the agreements say"),
                        Err(no) => {
                            tracing::error!(?no, "details of logs could not be purged; it is tried again tomorrow")
                        }
                    }
                }
                minute += 1;
            }
        })
    };
    // A rotation that was finished is entered, and certified, when it is, and not up to a minute later.
    let rotations = archiving.as_ref().and_then(|archiving| archiving.rotated()).map(|rotated| {
        tokio::spawn(async move {
            loop {
                rotated.notified().await;
                certify(&certifying).await;
            }
        })
    });
    let watched = Arc::clone(&store);
    let stopped = async move {
        let mut every = tokio::time::interval(Duration::from_millis(200));
        loop {
            every.tick().await;
            if let Some(why) = watched.stopped() {
                return why;
            }
        }
    };
    let (tell, asked) = tokio::sync::watch::channel(false);
    let mut asked_to_stop = asked.clone();
    let served = axum::serve(listener, app).with_graceful_shutdown(async move {
        // An error means that whoever would tell is gone, and then it is time as well.
        drop(asked_to_stop.wait_for(|asked| *asked).await);
    });
    let served = tokio::spawn(async move { served.await });
    let code = tokio::select! {
        () = interrupted => ExitCode::SUCCESS,
        why = stopped => {
            eprintln!("betrodd: had to stop: {why}. Everything that was acknowledged is in the journal; start again.");
            ExitCode::from(3)
        }
    };
    minutes.abort();
    if let Some(rotations) = rotations {
        rotations.abort();
    }
    // Nobody listens where the server has already ended.
    let _ = tell.send(true);
    // Open connections get a moment; what was acknowledged is durable whether they end or not.
    drop(tokio::time::timeout(Duration::from_secs(2), served).await);
    if let Some(archiving) = archiving {
        // It waits for the second place; nobody is served any more.
        drop(tokio::task::spawn_blocking(move || archiving.end()).await);
    }
    Ok(code)
}

/// Enters a rotation that was finished, and what it makes true of erasures.
async fn certify(processing: &processing::Processing) {
    if let Err(no) = processing.certify_everywhere().await {
        tracing::error!(?no, "what a rotation of keys allows could not be certified; it is tried again in a minute");
    }
}

/// Waits for a terminal's or a service manager's wish that we end. The signals are caught from this call on, not from the
/// waiting on.
fn interrupted() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut typed = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = typed.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.1";

    /// Whom an attempt is counted by, when it comes from `peer` with these headers.
    fn counted(peer: &str, headers: &[&str]) -> String {
        let mut request = Request::new(axum::body::Body::empty());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711)));
        for value in headers {
            request.headers_mut().append("x-forwarded-for", value.parse().unwrap());
        }
        let request = behind(PROXY.parse().unwrap(), request);
        let ConnectInfo(address) = request.extensions().get::<ConnectInfo<SocketAddr>>().unwrap();
        address.ip().to_string()
    }

    #[test]
    fn the_trusted_proxy_says_who_the_client_is_and_nobody_else_does() {
        assert_eq!(counted(PROXY, &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(counted("::ffff:10.0.0.1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(counted(PROXY, &["192.0.2.7:5000"]), "192.0.2.7");
        // What the client itself wrote stands before what the proxy added.
        assert_eq!(counted(PROXY, &["198.51.100.1, 192.0.2.7"]), "192.0.2.7");
        assert_eq!(counted(PROXY, &["198.51.100.1", "192.0.2.7"]), "192.0.2.7");
        assert_eq!(counted("192.0.2.9", &["198.51.100.1"]), "192.0.2.9");
        for unreadable in [&[][..], &["unknown"], &["192.0.2.7, "]] {
            assert_eq!(counted(PROXY, unreadable), PROXY);
        }
    }
}
