import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';

/** Debian's nginx as a plain static server. */
export interface Nginx extends AsyncDisposable {
  readonly url: string;
}

/** Serves `folder` with a configuration of nothing but the folder; its files go to `scratch`. */
export async function startNginx(folder: string, scratch: string): Promise<Nginx> {
  const port = await freePort();
  mkdirSync(scratch, { recursive: true });
  const config = join(scratch, 'nginx.conf');
  writeFileSync(config, configuration(folder, scratch, port));
  const child = spawn('/usr/sbin/nginx', ['-c', config, '-p', scratch, '-e', join(scratch, 'error.log')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await accepting(port, child);
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function configuration(folder: string, scratch: string, port: number): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const lines = temp.map((name) => `  ${name}_temp_path ${scratch}/${name};`).join('\n');
  return `daemon off;
worker_processes 1;
user root;
pid ${scratch}/nginx.pid;
error_log ${scratch}/error.log;
events {}
http {
  access_log off;
${lines}
  server {
    listen 127.0.0.1:${port};
    root ${folder};
  }
}
`;
}

/** nginx takes no port 0: ask the system for a free one. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Resolves when the port takes connections; fails when the server ends before. */
async function accepting(port: number, child: ReturnType<typeof spawn>): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
