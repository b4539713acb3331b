package io.ferrymesh.provider.accounts;

import static io.ferrymesh.provider.accounts.Provider.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.provider.service.ServiceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Password2026!",
                "passw0rd1234",
                "QWERTYUIOP",
                "1234567890",
                "0987654321",
                "iloveyou!!!!",
                "aaaaaaaaaaaa",
                "abababababab",
                "abcdefghijkl",
                "zyxwvutsrqpo",
                "margaret.h",
                "Margaret.H!!",
                "CorrectHorseBatteryStaple",
                "12345678901234567890"
            })
    void what_anybody_would_try_first_is_refused(String password) {
        assertThatThrownBy(() -> Passwords.chosen("margaret.h", utf8(password)))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("anybody would try");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tangerine-kiosk-42",
                "xK9#mQ2$vL",
                "пароль-на-кириллице",
                "密码密码很长的密码",
                "a sentence of some length",
                "0x7f8e9d1c2b"
            })
    void others_are_taken(String password) {
        assertThat(Passwords.chosen("ada", utf8(password))).isEqualTo(utf8(password));
    }

    @Test
    void a_password_has_10_to_256_bytes_of_utf8_without_control_characters() {
        String longest = "long enough ".repeat(30).substring(0, 256);
        assertThat(Passwords.offered(utf8(longest))).isPresent();
        assertThat(Passwords.offered(utf8(longest + "x"))).isEmpty();
        assertThat(Passwords.offered(utf8("ten bytes!"))).isPresent();
        assertThat(Passwords.offered(utf8("nine byte"))).isEmpty();
        assertThat(Passwords.offered(utf8("with a newline\n"))).isEmpty();
        assertThat(Passwords.offered(utf8("with a nul \u0000 inside"))).isEmpty();
        assertThat(Passwords.offered(new byte[] {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', (byte) 0xff}))
                .isEmpty();
        assertThat(Passwords.offered(
                        new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, 'a', 'b', 'c', 'd', 'e', 'f', 'g'}))
                .isEmpty();
        assertThat(Passwords.offered(new byte[0])).isEmpty();
        assertThat(Passwords.offered(new byte[10_000_000])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ada", "a-b", "a.b_c", "007", "x23456789012345678901234567890123456789012345678901234567890123y"
            })
    void names_are_short_words(String name) {
        assertThat(AccountNames.known(name)).hasValue(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ab",
                "..",
                "...",
                ".ada",
                "ada.",
                "-ad",
                "a/b",
                "../x",
                "a b",
                "ada\u0000",
                "аda",
                "ad\u0131",
                "a\u212Ab",
                "ada\n",
                "x234567890123456789012345678901234567890123456789012345678901234y"
            })
    void nothing_else_is_a_name(String name) {
        assertThat(AccountNames.known(name)).isEmpty();
    }

    @Test
    void upper_case_is_lower_case() {
        assertThat(AccountNames.known("ADA.Lovelace")).hasValue("ada.lovelace");
    }
}
