// Read by static/css/input.css through @config. Colours are names for the
// custom properties in static/css/tokens.css, where each has a light and a dark
// value; so no class needs a dark: twin.
const token = (name) => `var(--${name})`

module.exports = {
  content: ['./views/**/*.templ', './views/**/*.go', '!./views/**/*_templ.go', '!./views/**/*_test.go'],
  theme: {
    extend: {
      colors: {
        canvas: token('canvas'),
        surface: token('surface'),
        sunken: token('sunken'),
        line: { DEFAULT: token('line'), strong: token('line-strong') },
        ink: token('ink'),
        muted: token('muted'),
        faint: token('faint'),
        accent: { DEFAULT: token('accent'), ink: token('accent-ink'), soft: token('accent-soft') },
        ok: { DEFAULT: token('ok'), soft: token('ok-soft') },
        warn: { DEFAULT: token('warn'), soft: token('warn-soft') },
        bad: { DEFAULT: token('bad'), soft: token('bad-soft') },
      },
      fontFamily: {
        sans: ['Inter', 'ui-sans-serif', 'system-ui', '-apple-system', 'Segoe UI', 'sans-serif'],
        mono: ['ui-monospace', 'SFMono-Regular', 'SF Mono', 'Menlo', 'Cascadia Mono', 'Consolas', 'Liberation Mono', 'DejaVu Sans Mono', 'monospace'],
      },
    },
  },
  plugins: [require('@tailwindcss/forms')({ strategy: 'base' })],
}
