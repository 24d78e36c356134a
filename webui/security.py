"""Who may ask, and what a browser may do with the reply.

Without a token only requests addressed to a loopback name are answered: a page elsewhere whose
name was rebound to this machine still sends its own name. With a token every request carries it,
as a bearer token or as the cookie that signing in leaves; only the probes, the static files and
the sign-in page itself go without. A page of another site can neither embed nor read a reply,
nor have a browser send anything but what only reads.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from webui.token import Token

COOKIE = "triptych"
TOKEN = "TRIPTYCH_TOKEN"
PAGES = {"pages.home", "pages.library", "pages.library_map", "reference.page"}
"""What people open: without the token they are led to signing in."""
OPEN_ENDPOINTS = {"health.alive", "health.ready", "static", "sign_in.page", "sign_in.enter"}

READING = {"GET", "HEAD", "OPTIONS"}
OWN_SITE = {"same-origin", "none"}
"""What ``Sec-Fetch-Site`` says of this server's own pages, and of an address that was typed."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # without one, forms of ours would not say whose they are
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}


def install(app: Flask, token: Token | None) -> None:
    """Guard every request of the application and mark every reply."""
    app.config[TOKEN] = token
    app.before_request(check_host if token is None else check_token)
    app.before_request(check_origin)
    app.after_request(add_headers)


def check_host() -> None:
    """Refuse a request that was addressed to another name than this machine's own."""
    if not is_loopback(host_name(request.host)):
        raise Forbidden(
            f"This server answers to localhost only, not to {request.host!r}. To reach it from "
            "elsewhere start it with a token."
        )


def check_origin() -> None:
    """Refuse what a page of another site has a browser send, unless it only reads.

    Browsers say in ``Sec-Fetch-Site`` where a request comes from, old ones in ``Origin``; what is
    no browser says neither. See Go's ``http.CrossOriginProtection``, which does the same.
    """
    if request.method in READING:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = site not in OWN_SITE if site else bool(origin) and _host(origin) != request.host
    if foreign:
        raise Forbidden("A page of another site may not do this; open Triptych's own page.")


def _host(origin: str | None) -> str:
    return urlsplit(origin or "").netloc


def check_token() -> ResponseReturnValue | None:
    """Refuse a request without the token; the page leads to signing in."""
    if request.endpoint in OPEN_ENDPOINTS or carries_token():
        return None
    if request.endpoint in PAGES:
        return redirect(url_for("sign_in.page"))
    raise Unauthorized(
        "Send the server's token as 'Authorization: Bearer TOKEN', or sign in at /sign-in.",
        www_authenticate=WWWAuthenticate("bearer", {"realm": "Triptych"}),
    )


def carries_token() -> bool:
    """Tell whether the request holds the token, or the cookie of who signed in with it."""
    token: Token = current_app.config[TOKEN]
    sent = request.authorization
    if sent is not None and sent.type == "bearer" and sent.token:
        return token.is_sent_as(sent.token)
    return token.is_known_by(request.cookies.get(COOKIE, ""))


def host_name(host: str) -> str:
    """Take the name out of a Host header, without its port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def is_loopback(name: str) -> bool:
    """Tell whether a name or address can only mean this machine."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def add_headers(response: Response) -> Response:
    """Add what is missing of the headers that keep a browser from doing more than it should."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
