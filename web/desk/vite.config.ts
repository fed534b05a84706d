import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = `http://127.0.0.1:${process.env['PORT'] ?? 3000}`;

export default defineConfig({
  plugins: [react()],
  server: {
    port: Number(process.env['DESK_PORT'] ?? 5173),
    proxy: { '/api': { target: server, ws: true } },
  },
  build: {
    target: 'es2023',
    // Licence texts and the like are served with the sources; maps help an administrator who reports a fault.
    sourcemap: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            // All but the calendar, which is loaded when it is opened.
            { name: 'parts', test: /node_modules[\\/]@mantine[\\/](?!dates[\\/])/ },
          ],
        },
      },
    },
  },
});
