import { TemplateError } from '../errors.ts';
import { NeedsRuntimeValue } from '../evaluate/needs-runtime-value.ts';
import type { JsonObject, JsonValue } from '../json/values.ts';
import type { RuntimeRequest, RuntimeValues } from '../plan.ts';
import type { ResourceDocument, TemplatePorts } from '../ports.ts';
import { splitId } from '../resources/ids.ts';

/** Most different values that one expression tree may ask for. */
const mostRequests = 5_000;

/** Values of the run time: documents of what was deployed, and what was fetched for `reference` and `list*`. */
export class Runtime implements RuntimeValues {
  readonly #ports: TemplatePorts;
  readonly #signal: AbortSignal | undefined;
  readonly #parent: Runtime | undefined;
  readonly #deployed = new Map<
    string,
    { readonly apiVersion: string | undefined; readonly document: ResourceDocument }
  >();
  readonly #secureOutputs = new Map<string, JsonObject>();
  readonly #fetched = new Map<string, JsonValue>();

  constructor(ports: TemplatePorts, signal?: AbortSignal, parent?: Runtime) {
    this.#ports = ports;
    this.#signal = signal;
    this.#parent = parent;
  }

  lookup(request: RuntimeRequest): JsonValue | undefined {
    return this.#own(request) ?? this.#parent?.lookup(request);
  }

  /** Keeps what a PUT answered. Without `apiVersion` it answers references of every version (a deployment does). */
  deployed(id: string, document: ResourceDocument, apiVersion?: string): void {
    this.#deployed.set(id.toLowerCase(), { apiVersion, document });
  }

  /** Outputs of a nested deployment with their secure values, for `listOutputsWithSecureValues`. */
  outputs(id: string, outputs: JsonObject): void {
    this.#secureOutputs.set(id.toLowerCase(), outputs);
  }

  /** Runs `work` until no value is missing; fetches what is. */
  async resolve<T>(work: (values: RuntimeValues) => T | Promise<T>): Promise<T> {
    for (let requests = 0; ; requests++) {
      try {
        return await work(this);
      } catch (error) {
        if (!(error instanceof NeedsRuntimeValue) || error.request === undefined || requests >= mostRequests)
          throw error;
        await this.#fetch(error.request);
      }
    }
  }

  #own(request: RuntimeRequest): JsonValue | undefined {
    if (request.kind === 'list' && request.functionName.toLowerCase() === 'listoutputswithsecurevalues') {
      return this.#secureOutputs.get(request.id.toLowerCase());
    }
    const deployed = request.kind === 'reference' ? this.#deployed.get(request.id.toLowerCase()) : undefined;
    if (deployed && (deployed.apiVersion === undefined || deployed.apiVersion === request.apiVersion))
      return deployed.document;
    return this.#fetched.get(keyOf(request));
  }

  async #fetch(request: RuntimeRequest): Promise<void> {
    const { id, apiVersion } = request;
    const value =
      request.kind === 'reference'
        ? await this.#ports.get({ id, apiVersion }, this.#signal)
        : await this.#ports.list(
            {
              id,
              functionName: request.functionName,
              apiVersion,
              ...(request.body === undefined ? {} : { body: request.body }),
            },
            this.#signal,
          );
    if (value === undefined) throw notFound(id);
    this.#fetched.set(keyOf(request), value);
  }
}

function keyOf(request: RuntimeRequest): string {
  const call = request.kind === 'list' ? [request.functionName, JSON.stringify(request.body ?? null)] : [];
  return [request.kind, request.id, request.apiVersion, ...call].join('\n').toLowerCase();
}

export function notFound(id: string): TemplateError {
  const parts = splitId(id);
  const name = parts === undefined ? id : `${parts.type}/${parts.name}`;
  const group = /\/resourceGroups\/([^/]+)/i.exec(id)?.[1];
  return new TemplateError(
    'ResourceNotFound',
    { resource: group === undefined ? name : `${name}' under resource group '${group}` },
    { target: id },
  );
}
