/** Made when contrato is built, by `precompile.ts`. */
declare module 'virtual:specification/*' {
  export const validate: import('ajv').ValidateFunction
}
