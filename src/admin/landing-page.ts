import type { Request, RequestHandler } from 'express';

/** What a person sees who opens the address of the proxy in a browser. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>personalize-authz-proxy</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }</style>
<h1>personalize-authz-proxy</h1>
<p>This is the address of an authorization proxy for Amazon Personalize. AWS SDKs and the AWS CLI call it with
<code>AWS_ENDPOINT_URL</code> set to it; it evaluates the local IAM policies and answers as AWS does.</p>
<ul>
<li><a href="/_authz/">Console: decisions and explanations</a></li>
<li><a href="/_authz/health">Health</a></li>
<li><a href="/_authz/decisions">Decisions as JSON</a></li>
</ul>
`;

/** Answers a browser; every other request is a call of AWS's API (S3's ListBuckets is `GET /` too). */
export const landingPage: RequestHandler = (request, response, next) => {
  if (!isOfBrowser(request)) return next();
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
  response.setHeader('x-content-type-options', 'nosniff');
  response.type('html').send(PAGE);
};

/** No AWS client asks for HTML, and none that signs a request is a browser. */
const isOfBrowser = ({ headers, originalUrl }: Request): boolean =>
  originalUrl === '/' && headers.authorization === undefined && /\btext\/html\b/.test(headers.accept ?? '');
