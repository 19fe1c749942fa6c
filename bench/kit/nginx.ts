import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Measured, startProcess } from './processes.ts';

/** Starts an nginx of one worker with the given `http` block, in a folder of its own. */
export function startNginx(
  name: string,
  port: number,
  http: string,
  modules: readonly string[] = [],
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-nginx-'));
  // Its worker, another user, writes what it buffers there.
  chmodSync(folder, 0o755);
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `${modules.map((path) => `load_module ${path};`).join('\n')}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 1000000;
${http}
}
`,
  );
  return startProcess(name, 'nginx', ['-p', folder, '-c', file], () => answers(port), {
    ...process.env,
    PATH: `${process.env.PATH}:/usr/sbin`,
  });
}

/** Does anything answer HTTP on this port of loopback? */
export async function answers(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/`);
  await response.arrayBuffer();
  return true;
}
