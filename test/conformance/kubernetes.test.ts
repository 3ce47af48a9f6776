import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Service } from 'kubernetes-models/v1/Service';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startProxy } from '../../src/index.ts';
import { ROOT } from '../architecture/source-graph.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';

/** The published OpenAPI schemas of Kubernetes, by kind. */
const MODELS = { ConfigMap, Deployment, Service };

interface Manifest {
  readonly kind: keyof typeof MODELS;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: checked by the schemas first
  readonly [member: string]: any;
}

const manifests = parseAllDocuments(
  readFileSync(join(ROOT, 'examples/replicas/kubernetes.yaml'), 'utf8'),
).map((document) => document.toJS() as Manifest);

const find = (kind: Manifest['kind'], name: string): Manifest => {
  const found = manifests.find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
};

describe('the Kubernetes manifest', () => {
  it.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    'has a %s that the schema of Kubernetes takes',
    (_, manifest) => {
      const { apiVersion, kind, ...members } = manifest;
      expect(apiVersion).toBe(MODELS[manifest.kind].apiVersion);
      expect(() => new MODELS[manifest.kind](members as never).validate()).not.toThrow();
    },
  );

  it('has only members of the Kubernetes API', () => {
    using folder = new TemporaryFolder();
    const values = manifests.map(
      ({ apiVersion: _, kind, ...members }) => `new ${kind}(${JSON.stringify(members)});`,
    );
    const source = [
      "import { Deployment } from 'kubernetes-models/apps/v1/Deployment';",
      "import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';",
      "import { Service } from 'kubernetes-models/v1/Service';",
      ...values,
    ].join('\n');
    const check = (text: string): string => {
      const file = folder.write('manifest.ts', text);
      const paths = JSON.stringify({ '*': [`${ROOT}node_modules/*`] });
      folder.write(
        'tsconfig.json',
        `{"compilerOptions":{"noEmit":true,"strict":true,"module":"nodenext","skipLibCheck":true,"paths":${paths}},"files":["${file}"]}`,
      );
      try {
        execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder.path]);
        return '';
      } catch (cause) {
        return String((cause as { readonly stdout: Buffer }).stdout);
      }
    };
    expect(check(source.replace('readinessProbe', 'readinesProbe'))).toContain('readinesProbe');
    expect(check(source)).toBe('');
  }, 60_000);

  it('selects its own pods, and probes the port that they listen on', () => {
    for (const name of ['authz', 'authz-redis']) {
      const { spec } = find('Deployment', name);
      const [container] = spec.template.spec.containers;
      const service = find('Service', name).spec;
      expect(spec.template.metadata.labels).toMatchObject(service.selector);
      expect(spec.selector.matchLabels).toEqual(service.selector);
      expect(container.ports.map(({ name: port }: { readonly name: string }) => port)).toEqual(
        service.ports.map(({ targetPort }: { readonly targetPort: string }) => targetPort),
      );
    }
    const { spec } = find('Deployment', 'authz').spec.template;
    const volumes = spec.volumes.flatMap(
      ({ configMap }: { readonly configMap?: { readonly name: string } }) =>
        configMap ? [configMap.name] : [],
    );
    for (const name of volumes) expect(find('ConfigMap', name).data).toBeDefined();
    // A Service named authz would set AUTHZ_PORT, which is a setting.
    expect(spec.enableServiceLinks).toBe(false);
  });

  it('has a configuration that works, with the paths of its mounts and probes', async () => {
    using folder = new TemporaryFolder();
    const { spec } = find('Deployment', 'authz').spec.template;
    const [container] = spec.containers;
    for (const { name, mountPath } of container.volumeMounts) {
      const { configMap } = spec.volumes.find((volume: { readonly name: string }) => volume.name === name);
      for (const [file, text] of Object.entries(configMap ? find('ConfigMap', configMap.name).data : {}))
        folder.write(`${mountPath}/${file}`, String(text));
    }
    const [, , config] = container.args;
    const env = { AUTHZ_SESSION_KEY: Buffer.alloc(32, 7).toString('base64') };
    await using proxy = await startProxy({
      config: join(folder.path, config),
      env,
      state: 'memory',
      host: '127.0.0.1',
    });

    expect(proxy.config.listen.adminHosts).toContain('authz');
    for (const probe of [container.readinessProbe, container.livenessProbe])
      expect((await fetch(proxy.url + probe.httpGet.path)).status).toBe(200);
    const { env: variables } = container;
    expect(variables.map(({ name }: { readonly name: string }) => name)).toEqual(Object.keys(env));
  });
});
