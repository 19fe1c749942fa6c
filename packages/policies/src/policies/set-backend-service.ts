import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import { type BaseUrl, parseBaseUrl } from '../http/backend-url.ts';
import type { Scope } from '../pipeline/step.ts';
import { PolicyError } from '../policy-error.ts';
import type { AttributeSchema, PolicyDefinition } from '../schema/definition.ts';

const optional: AttributeSchema = { type: 'string', expression: true, nonEmpty: true };

/** Sends the request to another base URL or to a backend entity. */
export const setBackendService: PolicyDefinition = {
  name: 'set-backend-service',
  sections: ['inbound', 'backend'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'base-url': optional,
      'backend-id': optional,
      'dapr-app-id': optional,
      'dapr-method': optional,
      'dapr-namespace': optional,
      'sf-resolve-condition': { type: 'boolean', expression: true },
      'sf-service-instance-name': optional,
      'sf-partition-key': optional,
      'sf-replica-type': { type: 'enum', values: ['primary', 'secondary'], expression: true },
      'sf-listener-name': optional,
    },
  },
  validate,
  compile(element, compiler) {
    if (compiler.has(element, 'base-url')) return toUrl(element, compiler);
    if (isDapr(element)) return toDapr(element, compiler);
    return toEntity(element, compiler);
  },
  notes:
    'Service Fabric (sf-*) is not supported. A base-url has no effect after an inherited policy of a wider scope chose a backend-id. A base-url that is no absolute URL, or has a query string, is a warning: a request that uses it fails.',
};

function validate(element: PolicyElement, compiler: PolicyCompiler): void {
  const url = attributeOf(element, 'base-url')?.value;
  const backend = attributeOf(element, 'backend-id')?.value;
  if ((url === undefined) === (backend === undefined))
    compiler.report(element, "Exactly one of the attributes 'base-url' and 'backend-id' is required.");
  for (const attribute of element.attributes) {
    if (attribute.name.startsWith('sf-'))
      compiler.report(
        element,
        `The attribute '${attribute.name}' is not supported: Service Fabric is not.`,
        attribute.at,
      );
    if (attribute.name.startsWith('dapr-') && !isDapr(element))
      compiler.report(element, `The attribute '${attribute.name}' needs backend-id="dapr".`, attribute.at);
  }
  if (url?.kind === 'literal' && !url.unresolved) {
    // Only a warning: Azure's schema has any string here, and it may be a placeholder that deployment fills in.
    try {
      readUrl(url.text);
    } catch (error) {
      compiler.warn(element, error instanceof Error ? error.message : String(error), url.at);
    }
  }
  if (isDapr(element)) {
    for (const name of ['dapr-app-id', 'dapr-method'])
      if (!attributeOf(element, name))
        compiler.report(element, `The attribute '${name}' is required with backend-id="dapr".`);
  } else if (backend?.kind === 'literal' && !compiler.environment.backends.has(backend.text)) {
    compiler.report(element, `Backend with id '${backend.text}' could not be found.`, backend.at);
  }
}

const isDapr = (element: PolicyElement): boolean => attributeOf(element, 'backend-id')?.value.text === 'dapr';

function toUrl(element: PolicyElement, compiler: PolicyCompiler) {
  const url = compiler.string(element, 'base-url');
  const fixed = typeof url.constant === 'string' ? readOrUndefined(url.constant) : undefined;
  return (exchange: Exchange) => {
    const base = fixed ?? readGiven(url.get(exchange) ?? '');
    const entityScope = exchange.notes.get(entityChosenIn);
    if (exchange.backend?.kind === 'entity' && entityScope !== compiler.scope) {
      exchange.trace(
        null,
        'The base URL is ignored: an inherited policy chose a backend, which only another backend-id can replace.',
      );
      return undefined;
    }
    exchange.request.url.base = base;
    exchange.backend = { kind: 'url' };
    return undefined;
  };
}

function toEntity(element: PolicyElement, compiler: PolicyCompiler) {
  const id = compiler.string(element, 'backend-id');
  return (exchange: Exchange) => {
    const backendId = id.get(exchange) ?? '';
    if (!exchange.ports.backend.has(backendId))
      throw new PolicyError('BackendNotFound', `Backend with id '${backendId}' could not be found.`, {
        status: 500,
        message: 'Internal server error',
        activityId: true,
      });
    exchange.backend = { kind: 'entity', backendId };
    exchange.notes.set(entityChosenIn, compiler.scope satisfies Scope);
    return undefined;
  };
}

/** The sidecar's invocation API: the whole path is the method's, nothing of the caller's path is appended. */
function toDapr(element: PolicyElement, compiler: PolicyCompiler) {
  const app = compiler.string(element, 'dapr-app-id');
  const method = compiler.string(element, 'dapr-method');
  const namespace = compiler.string(element, 'dapr-namespace');
  return (exchange: Exchange) => {
    const space = namespace.get(exchange);
    const target = `${app.get(exchange) ?? ''}${space ? `.${space}` : ''}`;
    const path = (method.get(exchange) ?? '')
      .split('/')
      .filter((part) => part !== '')
      .map(encodeURIComponent)
      .join('/');
    exchange.request.url.base = {
      scheme: 'http',
      host: 'localhost',
      port: 3500,
      path: `/v1.0/invoke/${encodeURIComponent(target)}/method/${path}`,
    };
    exchange.request.url.path = '';
    exchange.backend = { kind: 'url' };
    return undefined;
  };
}

/** The scope whose policy chose the backend entity. */
const entityChosenIn: unique symbol = Symbol('set-backend-service');

function readUrl(text: string): BaseUrl {
  const base = parseBaseUrl(text);
  if (text.includes('?'))
    throw new TypeError(`The base URL '${text}' has a query string; use set-query-parameter to add parameters.`);
  return base;
}

function readOrUndefined(text: string): BaseUrl | undefined {
  try {
    return readUrl(text);
  } catch {
    return undefined;
  }
}

function readGiven(text: string): BaseUrl {
  try {
    return readUrl(text);
  } catch (error) {
    throw evaluationFailure(error instanceof Error ? error.message : String(error), error);
  }
}
