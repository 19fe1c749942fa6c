import { assemblePipeline, type BaseUrl, type Pipeline, parseBaseUrl } from '@lazuli/policies';
import type { Api, Diagnostic, Operation, Product, ServiceModel } from '@lazuli/resources';
import { type CompiledRouter, compileRouter } from '../routing/compile-router.ts';
import { Authorizer } from '../subscriptions/authorizer.ts';
import { CompiledDocuments, environmentOf } from './compiled-documents.ts';

export interface SnapshotOptions {
  /** Policies that are known but not built do nothing instead of being errors. */
  readonly allowUnsupported: boolean;
}

export interface BuiltSnapshot {
  /** Fit to be served only when no diagnostic is an error. */
  readonly snapshot: Snapshot;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Everything that requests need to know of one state of the configuration. Immutable but for pipelines, which are put
 * together when the first request needs one.
 */
export interface Snapshot {
  readonly model: ServiceModel;
  readonly router: CompiledRouter['router'];
  readonly authorizer: Authorizer;
  /** The policies for an operation in a product's context. Without an operation or an API: those of the wider scopes. */
  pipeline(api: Api | null, operation: Operation | null, product: Product | null): Pipeline;
  /** The API's service URL, or null when it has none. */
  baseUrl(api: Api): BaseUrl | null;
  /** For the next snapshot: what need not be compiled again. */
  readonly documents: CompiledDocuments;
}

/** Compiles what changed since `previous` and makes the next snapshot. Running requests keep the one they began with. */
export function buildSnapshot(model: ServiceModel, options: SnapshotOptions, previous?: Snapshot): BuiltSnapshot {
  const documents = new CompiledDocuments(environmentOf(model, options.allowUnsupported), previous?.documents);
  for (const { document } of model.policyFragments) documents.add(document, 'fragment');
  if (model.policy) documents.add(model.policy, 'global');
  for (const product of model.products) if (product.policy) documents.add(product.policy, 'product');
  for (const api of model.apis) {
    if (api.policy) documents.add(api.policy, 'api');
    for (const operation of api.operations) if (operation.policy) documents.add(operation.policy, 'operation');
  }
  documents.complete();
  const { router, problems } = compileRouter(model);
  const authorizer = new Authorizer(model);
  const baseUrls = new Map(model.apis.map((api) => [api, baseUrlOf(api)]));
  const pipelines = new Pipelines(model, documents);
  return {
    snapshot: {
      model,
      router,
      authorizer,
      documents,
      pipeline: (api, operation, product) => pipelines.find(api, operation, product),
      baseUrl: (api) => baseUrls.get(api) ?? null,
    },
    diagnostics: [...problems, ...documents.diagnostics],
  };
}

/** The reader has checked it; a URL of another kind is as good as none. */
function baseUrlOf(api: Api): BaseUrl | null {
  if (api.serviceUrl === null) return null;
  try {
    return parseBaseUrl(api.serviceUrl);
  } catch {
    return null;
  }
}

class Pipelines {
  readonly #model: ServiceModel;
  readonly #documents: CompiledDocuments;
  readonly #assembled = new Map<object, Map<Product | null, Pipeline>>();

  constructor(model: ServiceModel, documents: CompiledDocuments) {
    this.#model = model;
    this.#documents = documents;
  }

  find(api: Api | null, operation: Operation | null, product: Product | null): Pipeline {
    const slot = operation ?? api ?? this;
    const byProduct = this.#assembled.get(slot) ?? new Map<Product | null, Pipeline>();
    this.#assembled.set(slot, byProduct);
    let pipeline = byProduct.get(product);
    if (!pipeline) {
      pipeline = this.#assemble(api, operation, product);
      byProduct.set(product, pipeline);
    }
    return pipeline;
  }

  #assemble(api: Api | null, operation: Operation | null, product: Product | null): Pipeline {
    const documents = this.#documents;
    return assemblePipeline([
      documents.get(operation?.policy ?? null),
      documents.get(api?.policy ?? null),
      documents.get(product?.policy ?? null),
      documents.get(this.#model.policy),
    ]);
  }
}
