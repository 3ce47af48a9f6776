// Express and http-proxy-middleware with a keep-alive agent and no checks, in front of the address that it is given.
import { Agent, createServer } from 'node:http';
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

const [, , target] = process.argv;
const app = express().disable('x-powered-by').disable('etag');
app.use(createProxyMiddleware({ target, agent: new Agent({ keepAlive: true }) }));
const server = createServer(app).listen(0, '127.0.0.1', () => {
  console.log(`Ready. http://127.0.0.1:${server.address().port}`);
});
