// A server of our own on loopback over a fresh database, stopped when the run ends.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
const programs = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), process.env.PASOK_PROFILE ?? 'debug');

/** Runs `pasok` with arguments and answers what it printed. */
export function pasok(folder, ...args) {
  const env = { ...process.env, PASOK_DATABASE_URL: database(folder) };
  return execFileSync(path.join(programs, 'pasok'), args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/** Runs `pasok-solver`; answers its exit code and output, whatever the code. */
export function solver(...args) {
  try {
    return { status: 0, text: execFileSync(path.join(programs, 'pasok-solver'), args, { encoding: 'utf8', stdio: 'pipe' }) };
  } catch (error) {
    return { status: error.status, text: `${error.stdout}${error.stderr}` };
  }
}

const database = (folder) => `sqlite://${path.join(folder, 'pasok.db')}`;

/** Starts a server over the database in `folder`; a new one unless given. */
export async function start(folder = mkdtempSync(path.join(tmpdir(), 'pasok-browser-'))) {
  const env = { ...process.env, PASOK_DATABASE_URL: database(folder), RUST_LOG: 'warn' };
  const child = spawn(path.join(programs, 'pasok'), ['serve', '--listen', '127.0.0.1:0'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text) => {
      said += text;
      const found = said.match(/Pasok: (http:\/\/127\.0\.0\.1:\d+)\//);
      if (found) resolve(found[1]);
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    setTimeout(() => reject(new Error(`the server did not start within a minute: ${said}`)), 60_000).unref();
  });
  // Whatever ends this process ends the server too.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    url,
    folder,
    /** Everything the server said on standard error. */
    log: () => said,
    async stop({ keep = false } = {}) {
      process.off('exit', kill);
      if (child.exitCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        setTimeout(kill, 5_000).unref();
        await ended;
      }
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}
