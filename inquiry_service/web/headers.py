"""Headers on every answer: the browser runs and loads only what this server itself sent (P38)."""

from __future__ import annotations

from flask import Flask, Response, request

# Fonts and partial updates come from here as well; without their own lines default-src would forbid them.
CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
))
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": that would send "Origin: null" with our own forms, which then look foreign.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=63072000; includeSubDomains"


def install(app: Flask, *, secure: bool) -> None:
    """Set the headers on every page; a view may set a stricter policy of its own before.

    Args:
        app: the application.
        secure: the site is reached by HTTPS, so browsers may be told never to use anything else.
    """

    def add(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers["Strict-Transport-Security"] = HSTS
        if request.endpoint != "static":
            # Letters and inquiries must not stay in the cache of a shared computer.
            response.headers["Cache-Control"] = "no-store"
            response.headers.add("Vary", "HX-Request")
        return response

    app.after_request(add)
