import { defineConfig } from 'vite';

// One classic script: the page of a client includes it with a single tag and gets nothing else.
export default defineConfig({
  build: {
    target: 'es2022',
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'KernlijnChat', fileName: () => 'widget.js' },
    sourcemap: false,
    reportCompressedSize: true,
  },
});
