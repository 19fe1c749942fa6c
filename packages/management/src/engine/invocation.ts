import type { ResourceRecord } from '@lazuli/store';
import type { Assignment } from '../authorization/authorizer.ts';
import type { ReadContext } from '../contract.ts';
import type { ArmId } from '../ids/arm-id.ts';
import type { RegisteredType } from '../registry/registry.ts';
import type { Call, Services } from '../services.ts';

/** A call whose caller may do it, on its way through the engine. */
export interface Invocation {
  readonly services: Services;
  readonly call: Call;
  /** `Microsoft.ApiManagement/service/apis/write` */
  readonly action: string;
  readonly allowedBy?: Assignment;
  /** Aliases are resolved. */
  readonly id: ArmId;
  readonly type: RegisteredType;
  /** The resource that the addressed one lies in; undefined where the type has none. */
  readonly parent?: ResourceRecord;
}

export function readContext(invocation: Pick<Invocation, 'services' | 'call' | 'id'>): ReadContext {
  const { services, call, id } = invocation;
  return {
    id,
    apiVersion: call.query.get('api-version') ?? '',
    query: call.query,
    headers: call.headers,
    principal: call.principal,
    reader: services.store,
    now: call.now,
    baseUrl: call.baseUrl,
    tenantId: services.subscription.tenantId,
    correlationId: call.correlationId,
    call,
  };
}
