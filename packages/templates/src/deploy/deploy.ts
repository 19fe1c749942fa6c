import { randomUUID } from 'node:crypto';
import { errorBody, errorStatus, TemplateError } from '../errors.ts';
import { type JsonObject, newObject } from '../json/values.ts';
import { limits } from '../limits.ts';
import type { DeploymentPlan, PlannedResource } from '../plan.ts';
import type { DeploymentOperation, DeploymentRecord, DeployPorts, ErrorBody, ProvisioningState } from '../ports.ts';
import { deleteUnplanned } from './complete-mode.ts';
import { operationId, statusName } from './operation.ts';
import { recordProperties } from './record.ts';
import { Runtime } from './runtime.ts';
import { Semaphore } from './semaphore.ts';

export interface DeployOptions {
  /** Resources that are put at the same time; default 20. */
  readonly concurrency?: number;
  /** Cancels: what has not started does not start. */
  readonly signal?: AbortSignal;
  readonly correlationId?: string;
  readonly now?: () => Date;
}

export interface DeploymentOutcome {
  /** The deployment, terminal; no secure value appears in it. */
  readonly record: DeploymentRecord;
  /** Those of nested deployments have their `deploymentId`. */
  readonly operations: readonly DeploymentOperation[];
  /** Outputs with their secure values, for the caller only. */
  readonly outputs: JsonObject;
  readonly error?: ErrorBody;
}

/**
 * Deploys a plan: puts each resource when those before it are done, resolves what only the run time knows, runs nested
 * deployments, evaluates the outputs and, in Complete mode, deletes what the template does not have. It never rejects:
 * errors are in the outcome, with Azure's codes. Resources that do not depend on a failed one are still deployed.
 */
export async function deploy(
  plan: DeploymentPlan,
  ports: DeployPorts,
  options: DeployOptions = {},
): Promise<DeploymentOutcome> {
  const run = new Run(ports, options);
  const { record, outputs, error } = await run.deployment(plan, undefined, undefined);
  return { record, operations: run.operations, outputs, ...(error ? { error } : {}) };
}

interface Finished {
  readonly record: DeploymentRecord;
  readonly outputs: JsonObject;
  /** Ids of all that was deployed, nested ones too. */
  readonly ids: readonly string[];
  readonly error: ErrorBody | undefined;
}

class Run {
  readonly operations: DeploymentOperation[] = [];
  readonly #ports: DeployPorts;
  readonly #signal: AbortSignal | undefined;
  readonly #now: () => Date;
  readonly #correlationId: string;
  readonly #slots: Semaphore;

  constructor(ports: DeployPorts, options: DeployOptions) {
    this.#ports = ports;
    this.#signal = options.signal;
    this.#now = options.now ?? (() => new Date());
    this.#correlationId = options.correlationId ?? randomUUID();
    this.#slots = new Semaphore(options.concurrency ?? limits.concurrency);
  }

  async deployment(plan: DeploymentPlan, parent: Runtime | undefined, parentId: string | undefined): Promise<Finished> {
    const started = this.#now();
    const record = (
      state: ProvisioningState,
      more: { outputs?: JsonObject; ids?: readonly string[]; error?: ErrorBody } = {},
    ) => {
      const { name, id, location } = plan.deployment;
      const properties = recordProperties(plan, {
        state,
        timestamp: this.#now(),
        duration: this.#now().getTime() - started.getTime(),
        correlationId: this.#correlationId,
        ...(more.outputs ? { outputs: more.outputs } : {}),
        ...(more.ids ? { outputResources: more.ids } : {}),
        ...(more.error ? { error: more.error } : {}),
      });
      const deployment: DeploymentRecord = {
        id,
        name,
        ...(location === undefined || plan.scope.kind === 'resourceGroup' ? {} : { location }),
        ...(parentId === undefined ? {} : { parentId }),
        properties,
      };
      this.#ports.progress?.({ kind: 'deployment', deployment });
      return deployment;
    };
    record('Running');
    const runtime = new Runtime(this.#ports, this.#signal, parent);
    const { ids, errors } = await this.#resources(plan, runtime);
    if (this.#signal?.aborted) {
      const error = new TemplateError(
        'DeploymentCanceled',
        { name: plan.deployment.name },
        { target: plan.deployment.id },
      ).toBody();
      return { record: record('Canceled', { ids, error }), outputs: newObject(), ids, error };
    }
    if (errors.length === 0 && plan.deployment.mode === 'Complete') {
      errors.push(
        ...(await deleteUnplanned(plan, ids, this.#ports, (operation) => this.#report(operation), this.#now)),
      );
    }
    const {
      shown,
      all,
      error: outputError,
    } = errors.length === 0
      ? await outputsOf(plan, runtime)
      : { shown: newObject(), all: newObject(), error: undefined };
    if (outputError) errors.push(outputError);
    const [first] = errors;
    if (first === undefined)
      return { record: record('Succeeded', { outputs: shown, ids }), outputs: all, ids, error: undefined };
    const error =
      outputError ??
      new TemplateError('DeploymentFailed', {}, { target: plan.deployment.id, details: errors }).toBody();
    return { record: record('Failed', { ids, error }), outputs: newObject(), ids, error };
  }

  async #resources(plan: DeploymentPlan, runtime: Runtime): Promise<{ ids: string[]; errors: ErrorBody[] }> {
    const ids: string[] = [];
    const errors: ErrorBody[] = [];
    const done = new Map<string, Promise<boolean>>();
    for (const resource of plan.resources) {
      const before = resource.dependsOn.map((key) => done.get(key) ?? true);
      const task = Promise.all(before).then(async (results) => {
        if (results.includes(false) || this.#signal?.aborted) return false;
        if (!resource.condition || resource.existing) return true;
        try {
          ids.push(...(await this.#resource(resource, plan, runtime)));
          return true;
        } catch (error) {
          errors.push(plan.secrets.redactError(errorBody(error)));
          return false;
        }
      });
      done.set(resource.key, task);
    }
    await Promise.all(done.values());
    return { ids, errors };
  }

  /** Deploys one resource and returns the ids that came of it. */
  async #resource(resource: PlannedResource, plan: DeploymentPlan, runtime: Runtime): Promise<string[]> {
    const started = this.#now().getTime();
    const report = (state: ProvisioningState, statusCode: string, error?: ErrorBody) =>
      this.#report({
        operationId: operationId(plan.deployment.id, resource.id),
        deploymentId: plan.deployment.id,
        provisioningOperation: 'Create',
        provisioningState: state,
        targetResource: { id: resource.id, resourceType: resource.type, resourceName: resource.name },
        statusCode,
        ...(error ? { error } : {}),
        timestamp: this.#now().toISOString(),
        duration: this.#now().getTime() - started,
      });
    report('Running', 'Accepted');
    try {
      const ids = resource.nested
        ? await this.#nested(resource, plan, runtime)
        : await this.#slots.run(() => this.#put(resource, runtime));
      report('Succeeded', 'OK');
      return ids;
    } catch (error) {
      report('Failed', statusName(errorStatus(error)), plan.secrets.redactError(errorBody(error)));
      throw error;
    }
  }

  async #put(resource: PlannedResource, runtime: Runtime): Promise<string[]> {
    this.#signal?.throwIfAborted();
    const { id, type, name, apiVersion } = resource;
    const current = resource.onlyIfNotExists ? await this.#ports.get({ id, apiVersion }, this.#signal) : undefined;
    const document =
      current ??
      (await this.#ports.put(
        { id, type, name, apiVersion, body: await runtime.resolve((values) => resource.evaluateBody(values)) },
        this.#signal,
      ));
    runtime.deployed(id, document, apiVersion);
    return [id];
  }

  async #nested(resource: PlannedResource, plan: DeploymentPlan, runtime: Runtime): Promise<string[]> {
    const nested = resource.nested!;
    const known = resource.late.length === 0 && nested.kind !== 'outer' ? nested.plan : undefined;
    const inner =
      known ?? (await nested.makePlan(await runtime.resolve((values) => resource.evaluateBody(values)), this.#ports));
    const { record, outputs, ids, error } = await this.deployment(inner, runtime, plan.deployment.id);
    runtime.deployed(resource.id, {
      id: resource.id,
      name: resource.name,
      type: resource.type,
      ...(record.location === undefined ? {} : { location: record.location }),
      properties: record.properties,
    });
    runtime.outputs(resource.id, outputs);
    if (error === undefined) return [...ids];
    const state = String(record.properties.provisioningState);
    throw new TemplateError('ResourceDeploymentFailure', { state }, { target: resource.id, details: [error] });
  }

  #report(operation: DeploymentOperation): void {
    const at = this.operations.findIndex(
      ({ operationId: id, deploymentId }) => id === operation.operationId && deploymentId === operation.deploymentId,
    );
    if (at === -1) this.operations.push(operation);
    else this.operations[at] = operation;
    this.#ports.progress?.({ kind: 'operation', operation });
  }
}

/** `outputs` of the record, without secure values, and all of them for the deployment around this one. */
async function outputsOf(
  plan: DeploymentPlan,
  runtime: Runtime,
): Promise<{ shown: JsonObject; all: JsonObject; error: ErrorBody | undefined }> {
  const shown = newObject();
  const all = newObject();
  const failed: { readonly name: string; readonly error: ErrorBody }[] = [];
  for (const output of plan.outputs) {
    try {
      const value = await runtime.resolve((values) => output.evaluate(values));
      if (value === undefined) continue;
      all[output.name] = { type: output.type, value };
      shown[output.name] = output.secure ? { type: output.type } : { type: output.type, value };
    } catch (error) {
      failed.push({ name: output.name, error: plan.secrets.redactError(errorBody(error)) });
    }
  }
  if (failed.length === 0) return { shown, all, error: undefined };
  const error = new TemplateError(
    'DeploymentOutputEvaluationFailed',
    { names: failed.map(({ name }) => name).join(', ') },
    { target: plan.deployment.id, details: failed.map((each) => each.error) },
  ).toBody();
  return { shown, all, error };
}
