import { Avatar, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useStore } from '@kernlijn/ui/store.ts';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useLocale } from '../text/use-locale.ts';
import { openDialog } from './dialog.ts';
import { preferences, type Preferences } from './preferences.ts';
import { useChangeLocale, useSignOut } from './use-session.ts';

const looks = ['light', 'dark', 'auto'] as const;

export function UserMenu() {
  const { t } = useTranslation(['shell', 'access']);
  const me = useMe();
  const locale = useLocale();
  const changeLocale = useChangeLocale();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const chosen = (on: boolean) => (on ? <Icon name="check" size={14} /> : <span style={{ width: 14 }} />);
  const radio = (on: boolean) => ({ role: 'menuitemradio', 'aria-checked': on, leftSection: chosen(on) });

  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <UnstyledButton aria-label={t('menu.label', { name: me.name })}>
          <Avatar size={30} radius="xl" color="kern" name={me.name}>
            {initials(me.name)}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name} · {t(`access:role.${me.role}`)}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('menu.language')}</Menu.Label>
        <Menu.Item {...radio(locale === 'nl')} onClick={() => changeLocale('nl')}>
          {t('menu.dutch')}
        </Menu.Item>
        <Menu.Item {...radio(locale === 'en')} onClick={() => changeLocale('en')}>
          {t('menu.english')}
        </Menu.Item>
        <Menu.Label>{t('menu.look')}</Menu.Label>
        {looks.map((look) => (
          <Menu.Item key={look} {...radio(colorScheme === look)} onClick={() => setColorScheme(look)}>
            {t(`menu.${look}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Choices />
        <Menu.Divider />
        {me.isAgent && (
          <Menu.Item leftSection={<Icon name="mic" size={14} />} onClick={() => openDialog('devices')}>
            {t('menu.devices')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<Icon name="keyboard" size={14} />} onClick={() => openDialog('keys')}>
          {t('menu.keys')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="out" size={14} />} onClick={signOut}>
          {t('menu.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Choices() {
  const { t } = useTranslation('shell');
  const kept = useStore(preferences);
  const denied = typeof Notification === 'undefined' || Notification.permission === 'denied';
  const item = (name: keyof Preferences, label: string, disabled = false) => (
    <Menu.Item
      role="menuitemcheckbox"
      aria-checked={kept[name]}
      closeMenuOnClick={false}
      disabled={disabled}
      leftSection={kept[name] ? <Icon name="check" size={14} /> : <span style={{ width: 14 }} />}
      onClick={() => {
        preferences.set({ ...kept, [name]: !kept[name] });
        if (name === 'notifications' && !kept.notifications) void Notification.requestPermission();
      }}
    >
      {label}
    </Menu.Item>
  );
  return (
    <>
      {item('ringSound', t('menu.sounds'))}
      {item('messageSound', t('menu.messageSounds'))}
      {item('notifications', denied ? t('menu.notificationsDenied') : t('menu.notifications'), denied)}
    </>
  );
}

/** First and last word: "Jan van der Berg" is JB. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase();
}
