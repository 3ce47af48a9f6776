// The least that a Node server can do: what everything else is compared with, and the upstream of the proxies.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '2' });
    response.end('{}');
  });
});
server.listen(0, '127.0.0.1', () => console.log(`Ready. http://127.0.0.1:${server.address().port}`));
