/** Stands for the Azure packages of tedious in bundles: this service logs in with a SQL login only. */
const absent = (name) =>
  function refuse() {
    throw new Error(`${name} is not part of this bundle`)
  }

export const ClientSecretCredential = absent('ClientSecretCredential')
export const DefaultAzureCredential = absent('DefaultAzureCredential')
export const ManagedIdentityCredential = absent('ManagedIdentityCredential')
export const UsernamePasswordCredential = absent('UsernamePasswordCredential')
export const KeyClient = absent('KeyClient')
export const CryptographyClient = absent('CryptographyClient')
