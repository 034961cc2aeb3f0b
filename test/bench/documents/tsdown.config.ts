import { defineConfig } from 'tsdown'
import { precompiledSpecifications } from '../../../src/document/specification/precompile.ts'

/** The bench of documents asks the mock as the check does, so it is built of the same code. */
export default defineConfig({
  entry: { documents: './bench.ts' },
  outDir: '../../../dist/bench',
  format: 'esm',
  platform: 'node',
  dts: false,
  target: 'node20',
  fixedExtension: false,
  plugins: [precompiledSpecifications()],
})
