//! Serving: the portal on an address until it is asked to stop or has to.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use portal::Demo;
use tokio::net::TcpListener;

use crate::Told;
use crate::clock::SystemClock;
use crate::installation::{self, Installation};

/// Serves a data folder as it is.
pub async fn plain(serve: &crate::Serve) -> Result<ExitCode, Told> {
    let shelves = crate::services::read(&serve.services)?;
    let installation = installation::open(&serve.data, shelves, Arc::new(SystemClock), false)?;
    crate::agreements::adopt(&installation, installation.store.now()).await?;
    self::serve(installation, serve.listen, None).await
}

/// Serves until interrupted. Prints the address in a line of its own once it answers.
pub async fn serve(installation: Installation, listen: SocketAddr, demo: Option<Demo>) -> Result<ExitCode, Told> {
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|cause| format!("the address {listen} cannot be used: {cause}. Choose another with --listen"))?;
    let address = listener.local_addr()?;
    let store = Arc::clone(&installation.store);
    let access = Arc::clone(&installation.access);
    let secure = demo.is_none() && !address.ip().is_loopback();
    let portal = crate::seams::portal(installation, demo, secure);
    let app = portal::router(Arc::new(portal)).into_make_service_with_connect_info::<SocketAddr>();
    // Whoever reads that line may ask us to stop at once, and is to be heard.
    let interrupted = interrupted()?;
    println!("listening on http://{address}");
    let minutes = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let mut every = tokio::time::interval(Duration::from_secs(60));
            loop {
                every.tick().await;
                access.tick(store.now()).await;
            }
        })
    };
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
    // Nobody listens where the server has already ended.
    let _ = tell.send(true);
    // Open connections get a moment; what was acknowledged is durable whether they end or not.
    drop(tokio::time::timeout(Duration::from_secs(2), served).await);
    Ok(code)
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
