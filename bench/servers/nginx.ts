import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Folder } from '../folder.ts';
import { ServerProcess } from '../server-process.ts';

/** nginx as a plain reverse proxy with one worker and kept connections. @throws where it is not installed */
export async function startNginx(upstream: string): Promise<ServerProcess> {
  const port = await freePort();
  const folder = new Folder({ 'nginx.conf': nginxConfiguration(port, new URL(upstream).host) });
  // Nothing is printed: what is asked is whether it answers.
  const script = `nginx -e "$0/error.log" -p "$0" -c "$0/nginx.conf" & trap 'kill $!' TERM
    until (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do kill -0 $! || exit 1; done
    echo "Ready. http://127.0.0.1:${port}"; wait $!; rm -r "$0"`;
  return ServerProcess.start(['-c', script, folder.path], { command: 'bash' });
}

function nginxConfiguration(port: number, upstream: string): string {
  return `daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream bare { server ${upstream}; keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 10000000;
    location / { proxy_pass http://bare; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; }
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
