import { defineConfig } from 'tsdown'

/** The implementation that the tests check is what the bench has judged. */
export default defineConfig({
  entry: { implementation: './servers/implementation.ts' },
  outDir: '../../dist/bench',
  format: 'esm',
  platform: 'node',
  dts: false,
  clean: false,
  target: 'node20',
  fixedExtension: false,
})
