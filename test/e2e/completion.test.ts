import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cli } from './command-line.ts';

/** What bash offers for a command line, the last word being completed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await cli(['completion', 'bash']);
  const line = ['personalize-authz-proxy', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${stdout}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _personalize_authz_proxy; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
}

describe('completion', () => {
  it('offers commands, options of the command, settings, and values of options', async () => {
    expect(await offered('s')).toEqual(['serve', 'simulate']);
    expect(await offered('serve', '--stub-o')).toEqual(['--stub-only']);
    expect(await offered('serve', '--tls-m')).toEqual(['--tls-mode']);
    expect(await offered('coverage', '--format', 'l')).toEqual(['lcov']);
    expect(await offered('prove', 'no-p')).toEqual(['no-public-access']);
    expect(await offered('help', 'set')).toEqual(['settings']);
  });

  it('offers nothing of its own for a value that can be anything, so that bash offers files', async () => {
    expect(await offered('serve', '--config', '')).toEqual(['']);
  });

  it.each(['zsh', 'fish'])('has every command and every option for %s', async (shell) => {
    const { code, stdout } = await cli(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['serve', 'healthcheck', 'stub-only', 'decisions-file', 'lcov', 'not-granted'])
      expect(stdout).toContain(word);
  });

  it('exits with 2 for a shell that it does not know', async () => {
    const { code, stderr } = await cli(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('bash, zsh, fish');
  });
});

describe('help', () => {
  it('lists the settings that matter for a command, and refers to the page of all', async () => {
    const { stdout } = await cli(['help', 'serve']);
    expect(stdout).toContain('--port <number>');
    expect(stdout).not.toContain('--tls-cert');
    expect(stdout).toContain('help settings');
    expect((await cli(['serve', '--help'])).stdout).toBe(stdout);
  });

  it('lists every setting with its variable, key and default', async () => {
    const { code, stdout } = await cli(['help', 'settings']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/--port <number>\n.*\n? *.*AUTHZ_PORT, listen\.port;\s+default:\s+7377\./);
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('shows no default that is an empty list', async () => {
    for (const command of ['run', 'coverage', 'explain', 'import', 'replay', 'simulate'])
      expect((await cli(['help', command])).stdout).not.toMatch(/default: (?:\[\]|\{\})/);
  });

  it('exits with 2 for a topic that is neither a command nor settings', async () => {
    expect(await cli(['help', 'serv'])).toMatchObject({ code: 2, stderr: expect.stringContaining('"serv"') });
  });
});
