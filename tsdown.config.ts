import { defineConfig } from 'tsdown'
import { precompiledSpecifications } from './src/document/specification/precompile.ts'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    client: 'src/types/client.ts',
    vitest: 'src/testing/vitest.ts',
    cli: 'src/cli/main.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  fixedExtension: false,
  dts: true,
  clean: true,
  plugins: [precompiledSpecifications()],
})
