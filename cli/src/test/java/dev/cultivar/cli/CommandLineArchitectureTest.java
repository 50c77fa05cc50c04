package dev.cultivar.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The command line stays thin: what declares options does nothing, and one class prints.
class CommandLineArchitectureTest {
    private static final JavaClasses CLI = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cultivar.cli");

    @Test
    void aVerbDeclaresOptionsAndNothingElse() {
        classes().that().haveSimpleNameEndingWith("Verb").should().onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "picocli..", "dev.cultivar.cli..")
                .check(CLI);
    }

    @Test
    void everyWorkGoesThroughTheConsole() {
        noClasses().that().doNotHaveSimpleName("Console").should().accessField(System.class, "out")
                .orShould().accessField(System.class, "err")
                .orShould().callMethod(Throwable.class, "printStackTrace")
                .check(CLI);
    }

    @Test
    void onlyMainEndsTheProcess() {
        noClasses().that().doNotHaveSimpleName("Main").should().callMethod(System.class, "exit", int.class).check(CLI);
    }

    @Test
    void nothingElseOfTheCommandLineIsPublic() {
        classes().that().arePublic().should().haveSimpleName("Main").check(CLI);
    }
}
