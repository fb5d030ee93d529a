"""The command explore: a page in the browser over a glass, a run file or a measured file."""

import sys
import time

from glasstunnel.errors import GlassTunnelError


def explore(options):
    """Serve until interrupted; the address with its token is the only line on standard output."""
    from glasstunnel.explorer.workers import prepare

    prepare()
    from glasstunnel.explorer import launch
    from glasstunnel.explorer.journal import Journal, latest_folder, prune, state_folder
    from glasstunnel.explorer.opening import open_subject

    launch.needed()
    if options.resume and options.subject:
        raise GlassTunnelError("--resume goes on with the last session; give it or something to open, not both")
    if removed := prune():
        print(f"glasstunnel: removed {removed} old sessions from {state_folder()}; the last 50 of 90 days stay",
              file=sys.stderr)  # fmt: skip
    journal = Journal.resume(latest_folder()) if options.resume else None
    opened = journal.state if journal else open_subject(options.subject)
    explorer = launch.serve(
        lambda: opened, journal=journal, host=options.host, port=options.port, base_url=options.base_url,
        allow_hosts=tuple(options.allow_host),
    )  # fmt: skip
    print(explorer.url, flush=True)
    if options.host not in ("127.0.0.1", "localhost", "::1"):
        print(f"glasstunnel: listening on {options.host}: who reaches this machine and has the token can explore, and "
              "the connection is not encrypted", file=sys.stderr)  # fmt: skip
    if not options.no_browser:
        launch.open_browser(explorer.url)
    try:
        while explorer.thread is not None and explorer.thread.is_alive():
            time.sleep(0.2)
    except KeyboardInterrupt:
        pass
    finally:
        explorer.stop()
