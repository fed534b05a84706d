import {
  ActionIcon,
  Button,
  createTheme,
  Menu,
  Modal,
  NumberInput,
  Popover,
  Select,
  Textarea,
  TextInput,
  type MantineColorsTuple,
} from '@mantine/core';

/** The one accent: petrol, quiet enough for eight hours and apart from every client's own colour. */
const kern: MantineColorsTuple = [
  '#e8f6f7',
  '#d2eaec',
  '#a3d4d8',
  '#72bdc3',
  '#4ba9b1',
  '#2f929b',
  '#167a84',
  '#0c6670',
  '#08545d',
  '#03434b',
];

export const theme = createTheme({
  primaryColor: 'kern',
  primaryShade: { light: 7, dark: 6 },
  colors: { kern },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.4', xl: '1.3' },
  spacing: { xs: '6px', sm: '10px', md: '14px', lg: '18px', xl: '26px' },
  radius: { sm: '4px', md: '6px', lg: '10px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    // The smallest buttons are still big enough to hit (WCAG 2.2, target size).
    Button: Button.extend({
      defaultProps: { size: 'xs' },
      vars: (_, { size }) => ({ root: size === 'compact-xs' ? { '--button-height': '24px' } : {} }),
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 28 } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    NumberInput: NumberInput.extend({ defaultProps: { size: 'xs' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'xs' } }),
    Select: Select.extend({ defaultProps: { size: 'xs' } }),
    Menu: Menu.extend({
      defaultProps: { shadow: 'md', withInitialFocusPlaceholder: false, transitionProps: { duration: 80 } },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } }),
    // A dialog's header is no banner of the page.
    Modal: Modal.extend({
      defaultProps: { transitionProps: { duration: 100 }, attributes: { header: { role: 'presentation' } } },
    }),
  },
});
