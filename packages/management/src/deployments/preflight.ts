import type { Operation } from '@lazuli/store';
import type { JsonValue, ResourceDocument, ValidatePorts } from '@lazuli/templates';
import { StagedStore } from '../change-sets/staged-store.ts';
import type { ArmResponse } from '../contract.ts';
import { dispatch } from '../engine/dispatch.ts';
import { ArmError } from '../errors.ts';
import type { Call, Method, Services } from '../services.ts';
import { asResourceError, documentOf } from './resource-documents.ts';

/** Sends one request of a deployment; `through`: other services than those of the store. */
export type Send = (
  method: Method,
  id: string,
  apiVersion: string,
  body?: JsonValue,
  extra?: Partial<Call> & { readonly through?: Services },
) => Promise<ArmResponse>;

/**
 * The check of one template. Its resources are checked in the order in which they would be deployed, each over a stage on
 * which those before it lie: policies find the named values, APIs the version sets of the same template. Nothing is written.
 */
export function preflight(services: Services, send: Send): NonNullable<ValidatePorts['validate']> {
  const stage = new StagedStore(services.store, services.now);
  const staged: Services = {
    ...services,
    store: stage.asStore(),
    dispatch: (call) => dispatch(staged, [], call),
    wrote: () => {},
  };
  const collect = {
    async stage(operations: readonly Operation[]) {
      await stage.change(operations);
    },
  };
  let isLate = false;
  return async ({ id, type, apiVersion, body, late }): Promise<ResourceDocument | undefined> => {
    isLate ||= late.length > 0;
    try {
      return documentOf(await send('PUT', id, apiVersion, body, { dryRun: true, preflight: collect, through: staged }));
    } catch (error) {
      // Parents, groups and roles may be there when it is deployed; values of the run time are still text, here and in what
      // policies refer to.
      const isEarly =
        error instanceof ArmError &&
        (error.code === 'ParentResourceNotFound' ||
          error.code === 'ResourceGroupNotFound' ||
          error.code === 'RoleDefinitionDoesNotExist' ||
          (error.status === 400 && isJudgedByValues(error) && (late.length > 0 || (isLate && /polic/i.test(type)))));
      if (isEarly) return undefined;
      throw asResourceError(error);
    }
  };
}

/** What is not served is not served whatever the values will be. */
function isJudgedByValues({ code }: ArmError): boolean {
  return ![
    'InvalidResourceNamespace',
    'InvalidResourceType',
    'NoRegisteredProviderFound',
    'UnsupportedFeature',
  ].includes(code);
}
