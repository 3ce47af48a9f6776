// The least that an Express server can do.
import { createServer } from 'node:http';
import express from 'express';

const app = express().disable('x-powered-by').disable('etag');
app.post('/', (_, response) => void response.json({}));
const server = createServer(app).listen(0, '127.0.0.1', () => {
  console.log(`Ready. http://127.0.0.1:${server.address().port}`);
});
