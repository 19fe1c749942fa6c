import type { JsonObject } from './json/values.ts';

/** Facts about where a template is deployed; they answer `subscription()`, `resourceGroup()`, `tenant()` ... */
export interface TemplateScope {
  readonly kind: 'tenant' | 'managementGroup' | 'subscription' | 'resourceGroup';
  readonly tenant: { readonly tenantId: string; readonly displayName?: string; readonly countryCode?: string };
  /** Needed for kinds subscription and resourceGroup. */
  readonly subscription?: { readonly subscriptionId: string; readonly displayName?: string };
  /** Needed for kind resourceGroup. */
  readonly resourceGroup?: {
    readonly name: string;
    readonly location: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly managedBy?: string;
    readonly provisioningState?: string;
  };
  /** Needed for kind managementGroup. */
  readonly managementGroup?: { readonly name: string; readonly displayName?: string; readonly properties?: JsonObject };
}

export interface DeploymentInfo {
  readonly name: string;
  /** Needed at every scope but resource group. */
  readonly location?: string;
  /** Default: the id that follows from scope and name. */
  readonly id?: string;
  readonly mode?: 'Incremental' | 'Complete';
  /** `deployment().properties.templateLink.uri`, and the base of relative paths. */
  readonly templateLink?: JsonObject;
  /** `deployer()`. */
  readonly deployer?: { readonly objectId: string; readonly tenantId: string; readonly userPrincipalName?: string };
}
